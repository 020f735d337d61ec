package dev.onbehalf.oauth1;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Signs requests as a consumer (RFC 5849 3.1). Immutable and safe for several threads; each request
 * gets the time and a fresh nonce of 128 random bits.
 */
public final class Signer {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int NONCE_BYTES = 16;

  private final SignatureMethod method;
  private final String consumerKey;
  private final @Nullable String token;
  private final Maker maker;
  private final InstantSource clock;
  private final Supplier<String> nonces;

  /** Computes signatures, given the token secret. */
  @FunctionalInterface
  private interface Maker {
    byte[] sign(byte[] baseString) throws GeneralSecurityException;

    default Maker withTokenSecret(Secret tokenSecret) {
      return this;
    }
  }

  private record HmacMaker(SignatureMethod method, Secret consumerSecret, SecretKeySpec key)
      implements Maker {
    HmacMaker(SignatureMethod method, Secret consumerSecret, Secret tokenSecret) {
      this(method, consumerSecret, VerificationKey.hmacKey(method, consumerSecret, tokenSecret));
    }

    @Override
    public byte[] sign(byte[] baseString) {
      return VerificationKey.mac(key).doFinal(baseString);
    }

    @Override
    public Maker withTokenSecret(Secret tokenSecret) {
      return new HmacMaker(method, consumerSecret, tokenSecret);
    }
  }

  private Signer(
      SignatureMethod method,
      String consumerKey,
      @Nullable String token,
      Maker maker,
      InstantSource clock,
      Supplier<String> nonces) {
    this.method = method;
    this.consumerKey = Objects.requireNonNull(consumerKey, "consumerKey");
    this.token = token;
    this.maker = maker;
    this.clock = Objects.requireNonNull(clock, "clock");
    this.nonces = Objects.requireNonNull(nonces, "nonces");
  }

  /**
   * Makes a signer that uses an RSA key, computed by this Java.
   *
   * @throws IllegalArgumentException if {@code method} is no RSA method
   */
  public static Signer rsa(SignatureMethod method, String consumerKey, PrivateKey key) {
    return rsa(method, consumerKey, key, RsaEngine.jdk());
  }

  /**
   * Makes a signer that uses an RSA key.
   *
   * @throws IllegalArgumentException if {@code method} is no RSA method or the engine does not take
   *     the key
   */
  public static Signer rsa(
      SignatureMethod method, String consumerKey, PrivateKey key, RsaEngine engine) {
    if (!method.isRsa()) {
      throw new IllegalArgumentException(method + " does not take an RSA key.");
    }
    RsaEngine.SigningOperation operation = engine.signingOperation(key, method);
    return new Signer(
        method, consumerKey, null, operation::sign, InstantSource.system(), Signer::randomNonce);
  }

  /**
   * Makes a signer that uses a shared secret.
   *
   * @throws IllegalArgumentException if {@code method} is no HMAC method or the secret is empty
   */
  public static Signer hmac(SignatureMethod method, String consumerKey, Secret consumerSecret) {
    return new Signer(
        method,
        consumerKey,
        null,
        new HmacMaker(method, consumerSecret, Secret.of("")),
        InstantSource.system(),
        Signer::randomNonce);
  }

  /**
   * Returns a signer that sends {@code token}. Its secret matters to HMAC alone; give an empty one
   * for RSA.
   */
  public Signer withToken(String token, Secret tokenSecret) {
    return new Signer(
        method,
        consumerKey,
        Objects.requireNonNull(token, "token"),
        maker.withTokenSecret(tokenSecret),
        clock,
        nonces);
  }

  /** Returns a signer of two-legged requests: the token is sent and empty. */
  public Signer twoLegged() {
    return withToken("", Secret.of(""));
  }

  /** Returns a signer that takes the time from {@code clock}. */
  public Signer withClock(InstantSource clock) {
    return new Signer(method, consumerKey, token, maker, clock, nonces);
  }

  /** Returns a signer that takes its nonces from {@code nonces}. */
  public Signer withNonces(Supplier<String> nonces) {
    return new Signer(method, consumerKey, token, maker, clock, nonces);
  }

  /**
   * Signs a request without a form body.
   *
   * @see #sign(String, String, byte[], Map)
   */
  public SignedParameters sign(String httpMethod, String url) {
    return sign(httpMethod, url, null, Map.of());
  }

  /**
   * Signs a request. Parameters in its query and form are covered; a body of any other kind is not.
   *
   * @param url absolute http or https URL as it is sent, query included
   * @param form the body if that is {@code application/x-www-form-urlencoded}; else null
   * @param extra further {@code oauth_} parameters, such as {@code oauth_callback}
   * @throws IllegalArgumentException if the URL or the form is malformed, or already has one of the
   *     parameters
   * @throws IllegalStateException if the key cannot sign
   */
  public SignedParameters sign(
      String httpMethod, String url, byte @Nullable [] form, Map<String, String> extra) {
    Map<String, String> parameters = new LinkedHashMap<>();
    if (token != null) {
      parameters.put(OAuthParameters.TOKEN, token);
    }
    parameters.put(OAuthParameters.CONSUMER_KEY, consumerKey);
    parameters.put(OAuthParameters.SIGNATURE_METHOD, method.parameterValue());
    parameters.put(OAuthParameters.TIMESTAMP, Long.toString(clock.millis() / 1000));
    parameters.put(OAuthParameters.NONCE, nonces.get());
    parameters.put(OAuthParameters.VERSION, "1.0");
    extra.forEach(
        (name, value) -> {
          if (parameters.put(name, value) != null) {
            throw new IllegalArgumentException("The parameter " + name + " is set by the signer.");
          }
        });
    byte[] base = baseString(httpMethod, url, form, parameters);
    try {
      parameters.put(
          OAuthParameters.SIGNATURE, Base64.getEncoder().encodeToString(maker.sign(base)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("The key cannot sign by " + method + ".", e);
    }
    return new SignedParameters(parameters, url, form);
  }

  private static byte[] baseString(
      String httpMethod, String url, byte @Nullable [] form, Map<String, String> parameters) {
    Scratch scratch = Scratch.acquire();
    try {
      ParameterWriter writer = new ParameterWriter(scratch);
      parameters.forEach((name, value) -> add(writer, name, value));
      ParameterParser parser = new ParameterParser(writer, Integer.MAX_VALUE);
      String query = SignedParameters.queryOf(url);
      byte[] in = scratch.input(query.length());
      ParameterParser.copy(query, in, "query");
      parser.readForm(in, query.length());
      if (form != null) {
        parser.readForm(form, form.length);
      }
      EncodedParameters all = writer.finish();
      for (String name : parameters.keySet()) {
        requireOnce(all, PercentEncoding.encode(name), name);
      }
      BaseString base = BaseString.of(all, -1, scratch);
      base.target(httpMethod, url);
      return base.bytes();
    } catch (OAuthProblemException e) {
      throw new IllegalArgumentException("The request cannot be signed: " + e.detail(), e);
    } finally {
      scratch.release();
    }
  }

  private static void add(ParameterWriter writer, String name, String value) {
    writer.beginName();
    append(writer, name);
    writer.endName();
    append(writer, value);
    writer.endValue();
  }

  private static void append(ParameterWriter writer, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    int i = writer.appendUnreserved(bytes, 0, bytes.length);
    while (i < bytes.length) {
      writer.append(bytes[i]);
      i = writer.appendUnreserved(bytes, i + 1, bytes.length);
    }
  }

  private static void requireOnce(EncodedParameters all, String encodedName, String name) {
    int found = 0;
    for (int i = 0; i < all.count(); i++) {
      if (all.nameIs(i, encodedName) && ++found > 1) {
        throw new IllegalArgumentException(
            "The request already has the parameter " + name + "; remove it.");
      }
    }
  }

  private static String randomNonce() {
    byte[] bytes = new byte[NONCE_BYTES];
    RANDOM.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /** Prints the method and consumer key, neither key nor token. */
  @Override
  public String toString() {
    return "Signer[" + method.parameterValue() + ", " + consumerKey + "]";
  }
}
