package dev.onbehalf.server.gateway;

import dev.onbehalf.server.config.TlsConfig;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.util.component.AbstractLifeCycle;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The certificate and key of the listener: PEM files that are looked at every few seconds and taken
 * over once they have changed and fit together. New connections use them; others stay as they are.
 */
final class TlsFiles extends AbstractLifeCycle {
  private static final Logger LOG = LoggerFactory.getLogger(TlsFiles.class);
  private static final long LOOK_SECONDS = 5;
  private static final String ALIAS = "listener";

  private final TlsConfig config;
  private final SslContextFactory.Server context = new SslContextFactory.Server();
  private @Nullable ScheduledExecutorService looker;
  private volatile long expiresSeconds;
  private List<Object> seen;

  /**
   * Reads the files.
   *
   * @throws IllegalArgumentException with one sentence, if they cannot be served
   */
  TlsFiles(TlsConfig config) {
    this.config = config;
    seen = state();
    context.setKeyStore(read());
    context.setKeyStorePassword("");
    context.setIncludeProtocols("TLSv1.2", "TLSv1.3");
    context.setRenegotiationAllowed(false);
    context.setSniRequired(false);
  }

  /** Returns when the first certificate of the chain to end does, in seconds since 1970. */
  long expiresSeconds() {
    return expiresSeconds;
  }

  SslContextFactory.Server context() {
    return context;
  }

  @Override
  protected void doStart() {
    ScheduledExecutorService started =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "tls-files");
              thread.setDaemon(true);
              return thread;
            });
    looker = started;
    var unused =
        started.scheduleWithFixedDelay(this::look, LOOK_SECONDS, LOOK_SECONDS, TimeUnit.SECONDS);
  }

  @Override
  protected void doStop() {
    ScheduledExecutorService started = looker;
    if (started != null) {
      started.shutdownNow();
    }
  }

  /** Takes the files over if they changed; keeps what is served where they do not fit. */
  synchronized void look() {
    List<Object> now = state();
    if (now.equals(seen)) {
      return;
    }
    seen = now;
    try {
      KeyStore store = read();
      context.reload(factory -> factory.setKeyStore(store));
      LOG.info("The certificate in {} is served from now on.", config.certificate());
    } catch (Exception e) {
      LOG.warn("The changed certificate is not served, the one before is: {}", e.getMessage());
    }
  }

  private List<Object> state() {
    return List.of(stamp(config.certificate()), stamp(config.key()));
  }

  private static Object stamp(Path file) {
    try {
      FileTime time = Files.getLastModifiedTime(file);
      return List.of(time, Files.size(file), file.toRealPath());
    } catch (IOException e) {
      return "absent";
    }
  }

  private KeyStore read() {
    Certificate[] chain = chain(config.certificate());
    PrivateKey key = key(config.key());
    requirePair(chain[0].getPublicKey(), key);
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setKeyEntry(ALIAS, key, new char[0], chain);
      expiresSeconds = end(chain);
      return store;
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalArgumentException("The TLS certificate and key cannot be used.", e);
    }
  }

  private static long end(Certificate[] chain) {
    return Arrays.stream(chain)
        .filter(X509Certificate.class::isInstance)
        .mapToLong(each -> ((X509Certificate) each).getNotAfter().toInstant().getEpochSecond())
        .min()
        .orElse(0);
  }

  private static byte[] bytes(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new IllegalArgumentException("The TLS file " + file + " cannot be read.", e);
    }
  }

  private static Certificate[] chain(Path file) {
    try {
      Certificate[] chain =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(bytes(file)))
              .toArray(Certificate[]::new);
      if (chain.length > 0) {
        return chain;
      }
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException(
          "The TLS file " + file + " holds no PEM certificate that can be read.", e);
    }
    throw new IllegalArgumentException("The TLS file " + file + " holds no PEM certificate.");
  }

  private static PrivateKey key(Path file) {
    String text = new String(bytes(file), StandardCharsets.US_ASCII);
    String begin = "-----BEGIN PRIVATE KEY-----";
    int start = text.indexOf(begin);
    int end = text.indexOf("-----END PRIVATE KEY-----");
    if (start < 0 || end < start) {
      throw new IllegalArgumentException(
          "The TLS file "
              + file
              + " holds no unencrypted PKCS#8 key; make one with 'openssl pkcs8 -topk8 -nocrypt'.");
    }
    try {
      byte[] der = Base64.getMimeDecoder().decode(text.substring(start + begin.length(), end));
      PKCS8EncodedKeySpec spec = new PKCS8EncodedKeySpec(der);
      for (String algorithm : List.of("RSA", "EC", "EdDSA")) {
        try {
          return KeyFactory.getInstance(algorithm).generatePrivate(spec);
        } catch (InvalidKeySpecException e) {
          LOG.trace("The key of the listener is not {}.", algorithm);
        }
      }
    } catch (IllegalArgumentException | GeneralSecurityException e) {
      throw new IllegalArgumentException("The key in " + file + " cannot be read.", e);
    }
    throw new IllegalArgumentException("The key in " + file + " is neither RSA nor EC nor EdDSA.");
  }

  private static void requirePair(PublicKey certified, PrivateKey key) {
    String algorithm =
        switch (key.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          default -> key.getAlgorithm();
        };
    byte[] probe = "onbehalf".getBytes(StandardCharsets.US_ASCII);
    boolean pair;
    try {
      Signature signature = Signature.getInstance(algorithm);
      signature.initSign(key);
      signature.update(probe);
      byte[] signed = signature.sign();
      signature.initVerify(certified);
      signature.update(probe);
      pair = signature.verify(signed);
    } catch (GeneralSecurityException e) {
      LOG.debug("The key of the listener does not fit its certificate.", e);
      pair = false;
    }
    if (!pair) {
      throw new IllegalArgumentException(
          "tls.key is not the key of the first certificate in tls.certificate.");
    }
  }
}
