"""What the import says to the company, in Portuguese: why a value or a file was refused."""

from enum import StrEnum


class Problem(StrEnum):
    """Why a row did not go in, or went in only in part; the name is stored, the text shown."""

    EMPTY = "campo obrigatório vazio"
    TOO_LONG = "texto longo demais"
    LINE_TOO_LONG = "linha longa demais; não foi lida"
    OPEN_QUOTES = "aspas abertas que não fecham"
    STRAY_QUOTES = "aspas no meio do texto; dobre-as ou retire-as"
    TOO_MANY_CELLS = "mais colunas do que o cabeçalho; há um separador dentro de um texto?"
    CHARACTER = "caractere inválido"
    ENCODING = "acentos trocados; salve o arquivo como CSV UTF-8"
    FORMULA = "fórmula; cole a célula como valor"
    ERROR_VALUE = "a célula tem um erro da planilha"
    AMOUNT = "não é um valor em reais como 1.234,56"
    AMOUNT_ZERO = "o valor deve ser maior que zero"
    DATE = "não é uma data como 31/12/2026"
    DATE_RANGE = "data fora do que é possível"
    DOCUMENT = "não é um CPF ou CNPJ válido"
    SCIENTIFIC = "a planilha perdeu algarismos; formate a coluna como texto"
    PHONE = "não é um telefone com DDD"
    EMAIL = "não é um e-mail"
    HOUR = "não é uma hora como 09:00"
    HOURS = "o horário deve ter início e fim, o início antes do fim"
    CHANNEL = "use whatsapp, email ou nenhum"
    YES_OR_NO = "use sim ou não"
    PAID_ABOVE_AMOUNT = "o valor pago é maior que o valor da fatura"
    NO_CUSTOMER_GIVEN = "falta o cliente: informe o identificador ou o CPF/CNPJ dele"
    REPEATED = "identificador repetido no arquivo com outros dados; valeu a primeira linha"
    REPEATED_DOCUMENT = "CPF/CNPJ repetido no arquivo; valeu a primeira linha"
    OTHER_DOCUMENT = "o identificador já está cadastrado com outro CPF/CNPJ"
    OTHER_EXTERNAL_ID = "o CPF/CNPJ já está cadastrado com outro identificador"
    UNKNOWN_CUSTOMER = "cliente não cadastrado; importe os clientes antes"
    CUSTOMER_MISMATCH = "o identificador e o CPF/CNPJ são de clientes diferentes"
    OTHER_CUSTOMER = "a fatura já está cadastrada para outro cliente"
    BELOW_PAID = "o valor é menor que o já pago"
    PHONE_TAKEN = "o telefone já é de outro cliente; não foi gravado"
    IN_AGREEMENT = "a fatura está em um acordo; nada foi mudado nela"
    NOT_OPEN = "a fatura não está em aberto; nada foi mudado nela"
    PAID_HERE = "a fatura já recebeu pagamento aqui; nada foi mudado nela"


class FileProblem(StrEnum):
    """Why a file cannot be read at all."""

    EMPTY = "o arquivo está vazio"
    ONLY_HEADER = "o arquivo só tem o cabeçalho"
    NO_HEADER = "não achei o cabeçalho; as colunas {missing} precisam estar na primeira linha"
    MISSING = "faltam as colunas {missing}"
    COLUMN_TWICE = "há duas colunas para {column}"
    OLD_EXCEL = "é um .xls antigo ou uma planilha com senha; salve como .xlsx sem senha"
    UTF16 = "está em UTF-16; salve como CSV UTF-8"
    UNREADABLE = "a planilha não pode ser lida; abra e salve de novo como .xlsx"
    TOO_BIG = "a planilha é grande demais; salve como CSV"
    NO_FILE = "não pode ser aberto: {reason}"
    STRICT = "com --strict nada entra: {rejected} linhas recusadas"


UNKNOWN_COLUMN = "aviso: coluna desconhecida, ignorada: {column}"
PROGRESS = "\r{lines} linhas lidas ({share:.0%})"
REPORT_HEADER = ("linha", "coluna", "valor", "motivo")
REJECTED = "linha {line}, {column}: {value}: {reason}"
MORE_REJECTED = "… e mais {count}; use --report para ver todas"
KINDS = {"customers": "Clientes", "invoices": "Faturas"}
SUMMARY = (
    "{kind}: {lines} linhas · {new} novas · {changed} atualizadas · {same} sem mudança · "
    "{repeated} repetidas · {kept} mantidas · {rejected} recusadas · {seconds:.1f} s"
)
OPTED_OUT_SOURCE = "importação"
