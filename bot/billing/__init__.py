"""The billing backend: debts, late charges, offers, agreements, boleto, Pix and payments."""
