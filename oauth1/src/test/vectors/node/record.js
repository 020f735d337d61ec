// Records what the npm packages oauth and oauth-1.0a sign. Run by ../record.
const crypto = require('crypto');
const fs = require('fs');
const http = require('http');
const path = require('path');
const { createRequire } = require('module');

const need = createRequire(path.join(process.argv[2], 'x.js'));
const { OAuth } = need('oauth');
const OAuth10a = need('oauth-1.0a');

const here = path.join(__dirname, '..');
const key = fs.readFileSync(path.join(here, 'keys/private.pem'), 'ascii');
const [consumer, secret, token, tokenSecret] = ['recorder', 'consumer secret &1', 'a/token', 'token secret +2'];
const cases = fs.readFileSync(path.join(here, 'cases.txt'), 'utf8').trim().split('\n').map((line) => line.split('|'));

function row(name, method, url, authorization, body) {
  const mark = url.indexOf('?');
  const target = mark < 0 ? url : url.substring(0, mark);
  const query = mark < 0 ? '' : url.substring(mark + 1);
  return [name, method, target, query, authorization || '', body || ''].join('\t') + '\n';
}

function write(name, rows) {
  fs.writeFileSync(path.join(here, 'recorded', name + '.raw'), rows.join(''));
  console.error('recorded', name);
}

function fields(form) {
  const all = {};
  for (const [name, value] of new URLSearchParams(form)) {
    all[name] = name in all ? [].concat(all[name], value) : value;
  }
  return all;
}

function oauth10a() {
  const rows = [];
  for (const signatureMethod of ['RSA-SHA1', 'HMAC-SHA1', 'HMAC-SHA256']) {
    const rsa = signatureMethod.startsWith('RSA');
    const hash = signatureMethod.endsWith('256') ? 'sha256' : 'sha1';
    const client = OAuth10a({
      consumer: { key: consumer, secret },
      signature_method: signatureMethod,
      realm: 'https://ci.example.com/jenkins',
      hash_function: (text, hmacKey) =>
        rsa
          ? crypto.createSign('RSA-SHA1').update(text).sign(key, 'base64')
          : crypto.createHmac(hash, hmacKey).update(text).digest('base64'),
    });
    for (const [name, method, url, form] of cases) {
      const data = form ? fields(form) : undefined;
      const signed = client.authorize({ url, method, data }, { key: token, secret: tokenSecret });
      rows.push(row(`${signatureMethod} ${name}`, method, url, client.toHeader(signed).Authorization, form));
    }
  }
  return rows;
}

async function oauth() {
  const rows = [];
  const server = http.createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += chunk));
    request.on('end', () => {
      const url = `http://${request.headers.host}${request.url}`;
      rows.push(row(server.label, request.method, url, request.headers.authorization, body));
      response.end('ok');
    });
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const local = `http://127.0.0.1:${server.address().port}`;
  for (const signatureMethod of ['RSA-SHA1', 'HMAC-SHA1']) {
    const rsa = signatureMethod.startsWith('RSA');
    const client = new OAuth(local, local, consumer, rsa ? key : secret, '1.0', null, signatureMethod);
    for (const [name, method, url, form] of cases) {
      if (method === 'GET') {
        rows.push(row(`${signatureMethod} ${name}`, method, url, client.authHeader(url, token, tokenSecret, method), ''));
      } else {
        server.label = `${signatureMethod} ${name}`;
        const target = local + new URL(url).pathname + new URL(url).search;
        await new Promise((done) =>
          client.post(target, token, tokenSecret, form ? fields(form) : '', 'application/x-www-form-urlencoded', done));
      }
    }
    const odd = new OAuth(local, local, consumer, rsa ? key : secret, '1.0A', null, signatureMethod);
    const url = cases[0][2];
    rows.push(row(`${signatureMethod} version-1.0A`, 'GET', url, odd.authHeader(url, token, tokenSecret, 'GET'), ''));
    rows.push(row(`${signatureMethod} signed-url`, 'GET', client.signUrl(url + '?a=b', token, tokenSecret, 'GET'), '', ''));
  }
  server.close();
  return rows;
}

write('npm-oauth-1.0a', oauth10a());
oauth().then((rows) => write('npm-oauth', rows));
