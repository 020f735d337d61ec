"""The OAuth 1.0 dance of jirashell, as it is: without callback and verifier."""

import json
import sys

from jira.jirashell import oauth_dance

server, consumer, key_file = sys.argv[1:]
with open(key_file, encoding="ascii") as key:
    result = oauth_dance(server, consumer, key.read(), print_tokens=True, verify=False)
print()
print(json.dumps({"token": result["access_token"], "secret": result["access_token_secret"]}))
