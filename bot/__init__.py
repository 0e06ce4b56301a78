"""Combinado: a WhatsApp chatbot that negotiates late bills in Brazilian Portuguese."""
