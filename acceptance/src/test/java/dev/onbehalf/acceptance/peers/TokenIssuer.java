package dev.onbehalf.acceptance.peers;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Date;
import java.util.UUID;

/** What a CI server does that gives its builds tokens: it signs claims and publishes its keys. */
public final class TokenIssuer implements AutoCloseable {
  private final RSAKey key = key();
  private final HttpServer server;

  private TokenIssuer(HttpServer server) {
    this.server = server;
  }

  /** Starts an issuer on a free port. */
  public static TokenIssuer start() {
    try {
      HttpServer server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      TokenIssuer issuer = new TokenIssuer(server);
      byte[] keys =
          new JWKSet(issuer.key.toPublicJWK()).toString().getBytes(StandardCharsets.UTF_8);
      server.createContext(
          "/jwks",
          exchange -> {
            try (exchange) {
              exchange.sendResponseHeaders(200, keys.length);
              exchange.getResponseBody().write(keys);
            }
          });
      server.start();
      return issuer;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Makes a key of the id all issuers use, which is of no use with another issuer. */
  public static RSAKey key() {
    try {
      return new RSAKeyGenerator(2048).keyID("ci").generate();
    } catch (JOSEException e) {
      throw new AssertionError(e);
    }
  }

  /** Where it is, and what its tokens name as {@code iss}. */
  public String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** The token of a build, as Jenkins makes it. */
  public String token(String jobUrl, int number) {
    return token(jobUrl, number, key);
  }

  /** The token of a build, signed with a key that may not be the issuer's. */
  @SuppressWarnings("JavaUtilDate") // The library has no other type.
  public String token(String jobUrl, int number, RSAKey signedBy) {
    Instant now = Instant.now();
    JWTClaimsSet claims =
        new JWTClaimsSet.Builder()
            .issuer(url())
            .audience("onbehalf")
            .subject(jobUrl)
            .claim("build_number", number)
            .issueTime(Date.from(now))
            .expirationTime(Date.from(now.plusSeconds(600)))
            .jwtID(UUID.randomUUID().toString())
            .build();
    try {
      SignedJWT jwt =
          new SignedJWT(new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("ci").build(), claims);
      jwt.sign(new RSASSASigner(signedBy));
      return Secrets.made("build token", jwt.serialize());
    } catch (JOSEException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
