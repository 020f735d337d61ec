package dev.onbehalf.server.wire;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Keys and certificates of one test run, made by the JDK's own tool. */
public final class TestKeys {
  private static final char[] PASSWORD = "changeit".toCharArray();

  private TestKeys() {}

  /**
   * Adds a key with a certificate to the store in a file, which is made if it is not there.
   *
   * @param name common name in the certificate
   * @param more arguments of {@code keytool -genkeypair}
   * @return everything the store has now
   */
  public static KeyStore add(
      Path store, String alias, String name, String keyAlgorithm, int days, String... more)
      throws IOException, GeneralSecurityException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keystore",
                store.toString(),
                "-storetype",
                "PKCS12",
                "-storepass",
                new String(PASSWORD),
                "-alias",
                alias,
                "-keyalg",
                keyAlgorithm,
                "-dname",
                "CN=" + name,
                "-validity",
                Integer.toString(days)));
    command.addAll(List.of(more));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException("keytool failed: " + said);
    }
    return KeyStore.getInstance(store.toFile(), PASSWORD);
  }

  /** Returns a certificate as PEM. */
  public static String certificatePem(KeyStore keys, String alias) throws GeneralSecurityException {
    return pem("CERTIFICATE", keys.getCertificate(alias).getEncoded());
  }

  /** Returns a private key as PEM. */
  public static String keyPem(KeyStore keys, String alias) throws GeneralSecurityException {
    return pem("PRIVATE KEY", keys.getKey(alias, PASSWORD).getEncoded());
  }

  private static String pem(String label, byte[] der) {
    return "-----BEGIN "
        + label
        + "-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
        + "\n-----END "
        + label
        + "-----\n";
  }

  /** Makes a server's TLS with one of the keys and the certificates up to its authority. */
  public static SSLContext serving(KeyStore keys, String alias, Certificate... chain)
      throws IOException, GeneralSecurityException {
    KeyStore own = empty();
    own.setKeyEntry(alias, keys.getKey(alias, PASSWORD), PASSWORD, chain);
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(own, PASSWORD);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    return context;
  }

  /** Makes a client's TLS that trusts these and no others. */
  public static SSLContext trusting(Certificate... certificates)
      throws IOException, GeneralSecurityException {
    KeyStore trusted = empty();
    for (int i = 0; i < certificates.length; i++) {
      trusted.setCertificateEntry(Integer.toString(i), certificates[i]);
    }
    TrustManagerFactory managers =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    managers.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, managers.getTrustManagers(), null);
    return context;
  }

  private static KeyStore empty() throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    return store;
  }
}
