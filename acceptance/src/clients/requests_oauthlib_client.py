"""requests-oauthlib as a script uses it: one JSON command a line in, one JSON answer a line out."""

import json
import sys

from oauthlib.oauth1 import SIGNATURE_HMAC_SHA1, SIGNATURE_RSA, Client
from requests_oauthlib import OAuth1Session
from requests_oauthlib.oauth1_session import TokenRequestDenied


class TwoLeggedClient(Client):
    """Sends the empty oauth_token by which Atlassian tells a two-legged request."""

    def get_oauth_params(self, request):
        return super().get_oauth_params(request) + [("oauth_token", "")]


class Peer:
    def __init__(self, settings):
        self.settings = settings
        if settings["signing"] == "RSA-SHA1":
            self.signing = {"signature_method": SIGNATURE_RSA, "rsa_key": settings["credential"]}
        else:
            self.signing = {
                "signature_method": SIGNATURE_HMAC_SHA1,
                "client_secret": settings["credential"],
            }

    def session(self, **more):
        session = OAuth1Session(self.settings["consumer"], **self.signing, **more)
        session.verify = self.settings["authority"] or True
        session.trust_env = False
        return session

    def request_token(self, callback):
        token = self.session(callback_uri=callback).fetch_request_token(self.settings["request"])
        return {"token": token["oauth_token"], "secret": token["oauth_token_secret"]}

    def authorization_url(self, token):
        return {"url": self.session().authorization_url(self.settings["authorize"], token)}

    def access_token(self, token, secret, verifier):
        session = self.session(
            resource_owner_key=token, resource_owner_secret=secret, verifier=verifier
        )
        token = session.fetch_access_token(self.settings["access"])
        return {"token": token["oauth_token"], "secret": token["oauth_token_secret"]}

    def call(self, method, url, token, secret):
        if token:
            session = self.session(resource_owner_key=token, resource_owner_secret=secret)
        else:
            session = self.session(client_class=TwoLeggedClient)
        answer = session.request(method, url, allow_redirects=False)
        return {"status": answer.status_code, "body": answer.text}


peer = Peer(json.loads(sys.stdin.readline()))
for line in sys.stdin:
    command = json.loads(line)
    do = command.pop("do")
    try:
        answer = getattr(peer, do)(**command)
    except TokenRequestDenied as e:
        answer = {"refused": e.response.text, "status": e.status_code}
    print(json.dumps(answer), flush=True)
