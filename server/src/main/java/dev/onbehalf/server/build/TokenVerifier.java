package dev.onbehalf.server.build;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import dev.onbehalf.server.build.BuildSettings.Issuer;
import java.net.MalformedURLException;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Checks tokens of CI servers (RFC 7519, RFC 8725): signature by a key the issuer publishes,
 * asymmetric methods alone, issuer, audience, times and the claims configured. A key that a token
 * brings or points to is never used.
 */
final class TokenVerifier {
  private static final int LONGEST = 16 * 1024;
  private static final Duration SKEW = Duration.ofMinutes(1);
  private static final Duration LONGEST_LIFE = Duration.ofHours(24);
  private static final Set<JWSAlgorithm> METHODS =
      Set.of(
          JWSAlgorithm.RS256,
          JWSAlgorithm.RS384,
          JWSAlgorithm.RS512,
          JWSAlgorithm.PS256,
          JWSAlgorithm.PS384,
          JWSAlgorithm.PS512,
          JWSAlgorithm.ES256,
          JWSAlgorithm.ES384,
          JWSAlgorithm.ES512);

  private record Entry(Issuer issuer, DefaultJWTProcessor<SecurityContext> processor) {}

  /** A token that is right. */
  record Verified(Issuer issuer, JWTClaimsSet claims, String signedText) {}

  private final Map<String, Entry> issuers = new LinkedHashMap<>();
  private final InstantSource clock;

  TokenVerifier(List<Issuer> issuers, UnaryOperator<HttpClient.Builder> http, InstantSource clock) {
    this.clock = clock;
    for (Issuer issuer : issuers) {
      this.issuers.put(issuer.name(), new Entry(issuer, processor(issuer, http, clock)));
    }
  }

  private static DefaultJWTProcessor<SecurityContext> processor(
      Issuer issuer, UnaryOperator<HttpClient.Builder> http, InstantSource clock) {
    DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();
    try {
      processor.setJWSKeySelector(
          new JWSVerificationKeySelector<>(
              METHODS,
              JWKSourceBuilder.create(issuer.keys().toURL(), new KeysRetriever(http))
                  .retrying(true)
                  .build()));
    } catch (MalformedURLException e) {
      throw new IllegalArgumentException("The keys of " + issuer.name() + " have no URL.", e);
    }
    processor.setJWTClaimsSetVerifier(
        new DefaultJWTClaimsVerifier<>(
            issuer.audience(),
            new JWTClaimsSet.Builder().issuer(issuer.issuer()).build(),
            Set.of("exp", "iat")) {
          @Override
          protected Date currentTime() {
            return Date.from(clock.instant());
          }
        });
    return processor;
  }

  /** A token whose issuer is known here, and of which nothing was checked yet. */
  static final class Shown {
    private final SignedJWT jwt;
    private final Entry entry;

    private Shown(SignedJWT jwt, Entry entry) {
      this.jwt = jwt;
      this.entry = entry;
    }

    Issuer issuer() {
      return entry.issuer();
    }
  }

  /**
   * Reads a token; asks nobody.
   *
   * @throws RefusedBuildException if it is none, or of an issuer that is not known here
   */
  Shown read(String token) throws RefusedBuildException {
    if (token.length() > LONGEST) {
      throw refused("build-token-invalid", "it is too long");
    }
    SignedJWT jwt;
    JWTClaimsSet unverified;
    try {
      jwt = SignedJWT.parse(token);
      unverified = jwt.getJWTClaimsSet();
    } catch (ParseException e) {
      throw refused("build-token-invalid", "it is no signed JSON Web Token");
    }
    Entry entry = entry(unverified);
    if (entry == null) {
      throw refused("build-token-issuer", "no issuer of the builds file has its iss and aud");
    }
    return new Shown(jwt, entry);
  }

  /**
   * Checks a token; may ask the issuer for its keys.
   *
   * @throws RefusedBuildException if it is not right
   */
  Verified verify(Shown shown) throws RefusedBuildException {
    Entry entry = shown.entry;
    JWTClaimsSet claims;
    try {
      claims = entry.processor().process(shown.jwt, null);
    } catch (BadJOSEException e) {
      boolean expired = String.valueOf(e.getMessage()).contains("Expired");
      throw refused(
          expired ? "build-token-expired" : "build-token-invalid", String.valueOf(e.getMessage()));
    } catch (JOSEException e) {
      throw refused("build-token-invalid", String.valueOf(e.getMessage()));
    }
    Instant issued = claims.getIssueTime().toInstant();
    Instant latest = issued.plus(LONGEST_LIFE);
    if (claims.getExpirationTime().toInstant().isAfter(latest) || issued.isAfter(soon())) {
      throw refused("build-token-invalid", "it lives longer than a day, or begins in the future");
    }
    for (Map.Entry<String, String> required : entry.issuer().claims().entrySet()) {
      Object value = claims.getClaim(required.getKey());
      if (value == null || !required.getValue().equals(value.toString())) {
        throw refused("build-token-claim", "its claim " + required.getKey() + " is another one");
      }
    }
    return new Verified(
        entry.issuer(), claims, new String(shown.jwt.getSigningInput(), StandardCharsets.US_ASCII));
  }

  private Instant soon() {
    return clock.instant().plus(SKEW);
  }

  private @Nullable Entry entry(JWTClaimsSet unverified) {
    return issuers.values().stream()
        .filter(
            entry ->
                entry.issuer().issuer().equals(unverified.getIssuer())
                    && unverified.getAudience().contains(entry.issuer().audience()))
        .findFirst()
        .orElse(null);
  }

  private static RefusedBuildException refused(String problem, String detail) {
    return new RefusedBuildException(
        problem,
        problem.equals("build-token-expired")
            ? "The build's token is past its time; ask the CI server for another one."
            : "The build's token is not valid here.",
        "The token was refused: " + detail + ".");
  }
}
