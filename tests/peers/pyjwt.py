"""A token of the server, checked by PyJWT through the keys that the server publishes.

Use: pyjwt.py URL KEY TOKEN
"""

import sys

import jwt

url, key, token = sys.argv[1:]
signing = jwt.PyJWKClient(f"{url}/.well-known/jwks.json?key={key}").get_signing_key_from_jwt(token)
options = {"require": ["exp", "iat", "iss", "sub"], "verify_aud": False}
claims = jwt.decode(token, signing.key, algorithms=["EdDSA"], options=options)
assert claims["sub"] and claims["sid"], claims
head, body, signature = token.split(".")
try:
    other = signature[:-8] + ("A" * 8 if not signature.endswith("A" * 8) else "B" * 8)
    jwt.decode(f"{head}.{body}.{other}", signing.key, algorithms=["EdDSA"], options=options)
except jwt.InvalidSignatureError:
    print("PyJWT: ok")
else:
    sys.exit("PyJWT took a forged token")
