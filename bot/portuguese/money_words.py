"""The words around a number that say whether it is money, and whether it is offered or owed."""

import re

from bot.plain_text import one_of

CURRENCY = one_of(
    """
    reais real reals reai reas riais reaus reau riau conto contos continho continhos pila
    pilas pilinha pilinhas pau paus mango mangos prata pratas dilma dilmas temer temers
    merreis mereis mirreis mireis dinheiros din-din brl
    """
)

_OFFERING = one_of(
    r"""
    consig\w* conseg\w* posso possa poder\w* pode podemos pago paga pagar pagaria pagamos
    pagarei pagando dou dar daria dando der desse ofere\w+ ofert\w+ prop\w+ tenho teria
    temos mando mandar transfir\w+ transferir deposito depositar faco fazer faz fech\w+
    aceit\w* quero queria gostaria separei juntei arrum\w+ arranj\w+ entrada entradinha
    sinal deixa a?baix\w* reduz\w* cabe dispon\w+ sobr\w+ so apenas somente maximo ate uns
    umas entre por tipo coloca bota poe libero adianto adiantar cerca torno volta menos
    combin\w+ quitar quito acert\w+ liquid\w+ cobre cobrem for fosse teto topa topam
    proposta garanto comprometo da(?=.$) meu.limite
    entro entrar passo passar arrisco aguento aguentar garant\w+ comeco comecar empenho reservei
    reservo guardei solto soltar tiro bancar banco mandava pagava.so investir
    """
)
_OWING = one_of(
    r"""
    dev\w+ divid\w+ debit\w+ conta boleto fatura veio veiu ficou fica cobra cobrar cobraram
    cobrando ganh\w+ receb\w+ salario aluguel luz agua cust\w+ era estava tava subiu foi
    paguei pagav\w+ gast\w+ perdi emprest\w+ bolsa aposentadoria pensao auxilio beneficio
    juros multa nem muito virou pulou aumentou mercado remedio limite saldo vindo
    """
)
_OWED_PART = (
    r"parcela (?:e|da|ta|esta|veio|deu|ficou|era)|valor (?:total|original|da|de|do|da divida)"
)
CUE = re.compile(rf"(?<![a-z])(?:({_OFFERING})|{_OWING}|{_OWED_PART})(?![a-z])")
"""What is said of the next number; group 1 where it is offered."""

EACH = re.compile(
    r"(?:[0-9] ?x|vez(?:es)?|parcel\w+|prest\w+|[0-9](?= de ))"
    r" ?(?:iguais |mensais |fixas |seguidas )?(?:de |d |por )?(?:uns |umas |ate |no maximo )?$"
)
"""What stands right before the sum of one part: "10x de", "3 de"."""

_EARNING = one_of(
    r"""
    ganh\w+ recebo recebi receber salario dev\w+ paguei pagava gast\w+ aluguel bolsa aposentadoria
    pensao auxilio beneficio emprest\w+ era estava tava veio veiu custa custou
    """
)


_SPENDING = one_of(
    """
    aluguel luz agua pensao salario juros multa divida mercado remedio condominio gas internet
    escola faculdade bolsa auxilio casa comida feira creche plano fralda fraldas leite onibus
    cartao emprestimo consorcio moto carro gasolina farmacia medico
    """
)
EARNED = re.compile(
    rf"(?<![a-z])(?:{_EARNING} (?:(?:e|de|so|uns|umas|quase|r) ?){{0,2}}"
    rf"|{_SPENDING} (?:que )?(?:eu )?(?:pago|paga|da|deu|vem|sai|fica|e|ta) (?:r ?)?)\$? ?$"
)
"""What, right before a sum, says that it is earned, owed or spent, whatever follows."""

SPENT_ON = re.compile(
    r"^ ?(?:reais |conto |so )?(?:em aberto|em atraso|atrasad|vencid"
    rf"|(?:de|do|da|com|em|no|na) (?:o |a )?{_SPENDING})"
)
"""What may follow a sum that is owed, earned or spent."""

_ENDING_IT = one_of(
    "encerr quit mat liquid acab zer limp resolv termin fech comec garant mostrar dar come"
)
OFFERED_AFTER = re.compile(
    r"^ ?(?:reais )?(?:"
    r"(?:por|p|para|pra|ao|no|todo) mes(?![a-z])|/ ?mes|mensa|todos os meses|quinzena"
    r"|por (?:quinzena|semana|parcela|agora)|de (?:entrada|sinal|parcela|inicio|cara|uma vez)"
    r"|a ?vista|cada(?![a-z])|no (?:total|pix|maximo)|em dinheiro"
    r"|que eu (?:tenho|consigo|posso|pago|dou|fecho)"
    r"|(?:eu )?(?:consigo|posso|pago|topo|garanto|aceito|arrumo|mando"
    r"|deposito|passo)"
    r"|eu (?:tenho|dou|fecho|quito|assino)"
    r"|(?:da|ta|fica|e) (?:pra mim|bom|otimo|certo|o que|o max|meu limite)|da(?= pra| *[,.;!?]|$)"
    rf"|(?:pra|para|e) (?:eu )?(?:ja )?{_ENDING_IT}|fech|serve|cabe|seria|parcelad|mais ou menos"
    r"|topa|aceita|pode ser|da minha parte|(?:voces? )?(?:me )?(?:da|dao|daria) baixa)"
)

REFERRED_TO = re.compile(
    r"^[^0-9$]{0,40}?(?<![a-z])(?:e|foi|sao) (?:so |tudo )?(?:isso |isto )?(?:o )?que"
    r" (?:eu )?(?:ja )?"
    r"(?:tem|tenho|dou|posso|consigo|da|sobra|sobrou|juntei|arrumei|arrumo|pago)(?![a-z])"
    r"|^[^0-9$]{0,40}?(?<![a-z])(?:pego|uso|junto|pago|mando|dou)"
    r" (?:isso|tudo|esse dinheiro)(?![a-z])"
)
"""What refers back to a sum: "tirei 400 do FGTS, é o que eu dou"."""

LEADING = re.compile(
    r"^(?:(?:oi|ola|ok|sim|olha|bom|dia|boa|tarde|noite|e|acho|que|entao|moco|moca|mano|gente|minha"
    r"|filha|filho|senhora|senhor|la|ah|ai|eita|oxe|uai|vixe|uns|umas|r|so)[ ,.!:]+)*$"
)
"""What may stand before a sum that opens its message."""

TRAILING = re.compile(
    r"[,;:!?.] ?(?:(?:so|uns|umas|ate|e|eh|tipo|r|fica|entao|vai|da|deixa|bota|pode ser) ?)*$"
    r"|(?<![a-z])(?!(?:virou|ficou|subiu|pulou|aumentou|paguei|gastei|recebi|nasceu|mudou|gastou)"
    r"(?![a-z]))[a-z]{3,}(?:ou|iu|ei) (?:(?:so|uns|umas|ate) )*$"
)
"""What may stand before a sum that ends its message: the end of a sentence, "liberou"."""

COUNTED = re.compile(
    r"^ *(?:[a-z]+s|anos?|m|km|kg|g|ml|l|graus?|gente|via|h|min|x|pessoa|mil|milhao)(?![a-z])"
)
"""What may not follow even what is offered: it is counted, and no money."""

_GOES_ON = one_of(
    r"""
    por p ao a as de da do pra para pro no na num em e ou mas so cada agora hoje amanha ja
    mensa\w+ mes todo todos como que se ta fica fech\w+ pode ok certo serve ate mais menos
    parcelad\w+ limpo fixo fixos entrada sinal avista vista pix dinheiro eu voce voces nao
    dia porque pois quando depois sem com tranquilo tudo bom bem beleza ai la mesmo mano
    amig\w+ moc\w+ mos\w+ meu minha querid\w+ senhor senhora obrigad\w+ quinzena\w* semanal
    resto restante aceit\w+ rola topa topam consig\w+ consegue acho posso pago seria cabe ne
    viu via tem faz sexta segunda quarta quinta terca talvez cara irmao irma vei velho
    parceiro chefe patrao dona gente uai tche oxe isso esse essa este ele ela juro deus quer
    digo alias melhor desculpa pela pelo assim quero quita\w* inicial adiantad\w+ nem pouco
    poucos nessa nesse nesta neste dessa desse
    redondo apenas somente guardad\w+ sobrando vou fechamos inteiro certinho direto
    dai entao tambem junto visse brother fmz firmeza suave
    """
)
GOES_ON = re.compile(rf"^ *(?:$|[,;!?()*+:\-]|[.](?![0-9])|/ ?(?:mes|parc)|{_GOES_ON}(?![a-z]))")
"""What may follow a bare sum of money; a noun ("filhos", "anos") may not."""

_LABELS = one_of(
    """
    opcao parcela final numero num ano desde artigo dia idade vezes item proposta janeiro
    fevereiro marco abril maio junho julho agosto setembro outubro novembro dezembro ultimos
    primeiros digitos
    """
)
_LABELLED = one_of(
    """
    placa senha nota serie turma quarto canal modelo codigo matricula registro onibus pagina
    sala setor conjunto peso pressao pis nis oab crm posto zona rodovia termina comeca final cpf
    rg digitos contrato pedido protocolo agencia unidade versao abc titulo
    """
)
_KIN = "mae|pai|filh[oa]|avo|vo|marido|esposa|mulher|sogr[oa]|irma|irmao|net[oa]|bebe|menin[oa]"
NOT_MONEY = re.compile(
    rf"(?<![a-z]){_LABELS} *$|[0-9] +$|(?<![a-z]){_LABELLED}(?: [a-z]{{1,4}}){{0,2}} *$"
    rf"|(?<![a-z])(?:{_KIN})(?: [a-z]+)? (?:tem|fez|faz|completou|de) $"
)
"""What may not stand before a bare sum: what it numbers instead, or another number."""

_FILLER = """
    a acho algo alias amiga amigo ao apenas ate avista beleza bem boa bom cada cerca certo
    da dai de desculpa dia digo dizer do e em entao entrada entre eu faz favor fechado
    fechamos gente hoje agora isso ja la mais mano maximo melhor menos mensais mensal mes
    mesmo meu minha moca moco muito na nao ne no noite o obrigada obrigado oi ok ola ops os
    ou para parcela parcelas pelo perto pix po pode por pouco poucos pra pro proposta
    quebrado quebrados que quer querida real reais sao ser seria senhor senhora sim sinal so
    somente ta talvez tambem tarde tche tipo todo torno total uai um uma umas uns valor verdade
    viu vista volta aqui pronto fechou topo serve rola joia show legal tranquilo certinho rapaz
    jovem juro
"""
FILLER = frozenset(_FILLER.split())
"""Words that leave a number nearly alone in its message."""
