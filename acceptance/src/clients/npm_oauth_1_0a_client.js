// npm "oauth-1.0a", which only signs: one JSON command a line in, one JSON answer a line out.
'use strict';

const crypto = require('crypto');
const http = require('http');
const https = require('https');
const readline = require('readline');
const OAuth = require('oauth-1.0a');

let settings;

function client() {
  const rsa = settings.signing === 'RSA-SHA1';
  return OAuth({
    consumer: { key: settings.consumer, secret: rsa ? '' : settings.credential },
    signature_method: settings.signing,
    hash_function: (base, key) => rsa
        ? crypto.createSign('RSA-SHA1').update(base).sign(settings.credential, 'base64')
        : crypto.createHmac('sha1', key).update(base).digest('base64'),
  });
}

function send(method, url, token, extra, answer) {
  const oauth = client();
  const data = oauth.authorize({ url, method, data: extra }, token);
  const headers = oauth.toHeader(Object.assign({}, data, extra));
  if (method === 'POST') {
    headers['Content-Length'] = 0;
  }
  const request = (url.startsWith('https:') ? https : http).request(url, { method, headers },
      (response) => {
        let body = '';
        response.on('data', (chunk) => { body += chunk; });
        response.on('end', () => answer({ status: response.statusCode, body }));
      });
  request.end();
}

function token(result) {
  if (result.status !== 200) {
    return { refused: result.body, status: result.status };
  }
  const form = new URLSearchParams(result.body);
  return { token: form.get('oauth_token'), secret: form.get('oauth_token_secret') };
}

const commands = {
  request_token(command, answer) {
    send('POST', settings.request, undefined, { oauth_callback: command.callback },
        (result) => answer(token(result)));
  },
  authorization_url(command, answer) {
    const url = new URL(settings.authorize);
    url.searchParams.set('oauth_token', command.token);
    answer({ url: url.href });
  },
  access_token(command, answer) {
    send('POST', settings.access, { key: command.token, secret: command.secret },
        { oauth_verifier: command.verifier }, (result) => answer(token(result)));
  },
  call(command, answer) {
    send(command.method, command.url, { key: command.token || '', secret: command.secret || '' },
        {}, answer);
  },
};

const lines = readline.createInterface({ input: process.stdin });
lines.on('line', (line) => {
  const command = JSON.parse(line);
  if (!settings) {
    settings = command;
    return;
  }
  commands[command.do](command, (answer) => console.log(JSON.stringify(answer)));
});
lines.on('close', () => process.exit(0));
