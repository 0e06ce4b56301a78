"""Headers of the pages people sign in for: nothing runs or loads that is not ours."""

from flask import Flask, Response, request

from bot.desk.accounts import STATIC, is_ours

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",  # the QR of the second factor
        "media-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def install(app: Flask) -> None:
    """Add them to every answer of theirs; pages are kept in no cache."""

    @app.after_request
    def add(response: Response) -> Response:
        if is_ours(request.path):
            for name, value in HEADERS.items():
                response.headers.setdefault(name, value)
            if request.endpoint not in STATIC:
                response.headers["Cache-Control"] = "no-store"
        return response
