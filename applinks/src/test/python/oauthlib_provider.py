"""A provider made of oauthlib's own endpoints: method, public key or secret on the command line."""

import string
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from oauthlib.oauth1 import (
    AccessTokenEndpoint,
    AuthorizationEndpoint,
    RequestTokenEndpoint,
    RequestValidator,
    ResourceEndpoint,
    SignatureOnlyEndpoint,
)

CONSUMER = "tracker"
METHOD, CREDENTIAL = sys.argv[1:3]


class Validator(RequestValidator):
    enforce_ssl = False
    allowed_signature_methods = (METHOD,)
    safe_characters = set(string.ascii_letters + string.digits + "-_")
    client_key_length = request_token_length = access_token_length = (1, 50)
    nonce_length = verifier_length = (10, 50)
    dummy_client = dummy_request_token = dummy_access_token = "dummy"

    def __init__(self):
        super().__init__()
        self.requested, self.verifiers, self.granted, self.nonces = {}, {}, {}, set()

    def get_client_secret(self, client_key, request):
        return CREDENTIAL

    def get_rsa_key(self, client_key, request):
        return CREDENTIAL

    def get_request_token_secret(self, client_key, token, request):
        return self.requested.get(token, {}).get("oauth_token_secret", "none")

    def get_access_token_secret(self, client_key, token, request):
        return self.granted.get(token, {}).get("oauth_token_secret", "none")

    def get_default_realms(self, client_key, request):
        return []

    def get_realms(self, token, request):
        return []

    def get_redirect_uri(self, token, request):
        return "oob"

    def invalidate_request_token(self, client_key, request_token, request):
        self.requested.pop(request_token, None)

    def validate_client_key(self, client_key, request):
        return client_key == CONSUMER

    def validate_request_token(self, client_key, token, request):
        return token in self.requested

    def validate_access_token(self, client_key, token, request):
        return token in self.granted

    def validate_timestamp_and_nonce(
        self, client_key, timestamp, nonce, request, request_token=None, access_token=None
    ):
        fresh = (timestamp, nonce) not in self.nonces
        self.nonces.add((timestamp, nonce))
        return fresh

    def validate_redirect_uri(self, client_key, redirect_uri, request):
        return redirect_uri == "oob"

    def validate_requested_realms(self, client_key, realms, request):
        return True

    def validate_realms(self, client_key, token, request, uri=None, realms=None):
        return True

    def validate_verifier(self, client_key, token, verifier, request):
        return self.verifiers.get(token) == verifier

    def verify_request_token(self, token, request):
        return token in self.requested

    def verify_realms(self, token, realms, request):
        return True

    def save_access_token(self, token, request):
        self.granted[token["oauth_token"]] = token

    def save_request_token(self, token, request):
        self.requested[token["oauth_token"]] = token

    def save_verifier(self, token, verifier, request):
        self.verifiers[token] = verifier["oauth_verifier"]


validator = Validator()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.answer()

    def do_POST(self):
        self.answer()

    def answer(self):
        uri = "http://%s%s" % (self.headers["Host"], self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        sent = {
            name: self.headers[name]
            for name in ("Authorization", "Content-Type")
            if self.headers[name]
        }
        path = urlsplit(uri).path
        if path == "/request-token":
            _, text, status = RequestTokenEndpoint(validator).create_request_token_response(
                uri, self.command, body, sent
            )
        elif path == "/authorize":
            _, text, status = AuthorizationEndpoint(validator).create_authorization_response(
                uri, self.command, body, sent, realms=[]
            )
        elif path == "/access-token":
            _, text, status = AccessTokenEndpoint(validator).create_access_token_response(
                uri, self.command, body, sent
            )
        else:
            text, status = self.resource(uri, body, sent)
        data = (text or "").encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def resource(self, uri, body, sent):
        two_legged = 'oauth_token=""' in sent.get("Authorization", "")
        if two_legged:
            valid, _ = SignatureOnlyEndpoint(validator).validate_request(
                uri, self.command, body, sent
            )
            who = parse_qs(urlsplit(uri).query).get("xoauth_requestor_id", ["nobody"])[0]
        else:
            valid, _ = ResourceEndpoint(validator).validate_protected_resource_request(
                uri, self.command, body, sent, realms=[]
            )
            who = "token"
        return (who, 200) if valid else ("refused", 401)

    def log_message(self, *arguments):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(server.server_port, flush=True)
server.serve_forever()
