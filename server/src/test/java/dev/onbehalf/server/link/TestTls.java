package dev.onbehalf.server.link;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
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

/** An authority of one test run, and the server certificate it signed. */
public final class TestTls {
  private static final char[] PASSWORD = "changeit".toCharArray();
  private static final String AUTHORITY = "authority";
  private static final String SERVER = "server";

  private final Path directory;
  private final KeyStore keys;

  private TestTls(Path directory, KeyStore keys) {
    this.directory = directory;
    this.keys = keys;
  }

  /** Makes both; {@code names} are those of the certificate, such as {@code ip:127.0.0.1}. */
  public static TestTls make(Path directory, String names)
      throws IOException, GeneralSecurityException, InterruptedException {
    Path store = directory.resolve("keys.p12");
    keytool(store, AUTHORITY, "-ext", "bc:critical=ca:true");
    keytool(store, SERVER, "-signer", AUTHORITY, "-ext", "SAN=" + names);
    KeyStore keys = KeyStore.getInstance(store.toFile(), PASSWORD);
    TestTls tls = new TestTls(directory, keys);
    pem(tls.authority(), "CERTIFICATE", keys.getCertificate(AUTHORITY).getEncoded());
    pem(tls.certificate(), "CERTIFICATE", keys.getCertificate(SERVER).getEncoded());
    pem(tls.privateKey(), "PRIVATE KEY", keys.getKey(SERVER, PASSWORD).getEncoded());
    return tls;
  }

  private static void pem(Path file, String label, byte[] der) throws IOException {
    Files.writeString(
        file,
        "-----BEGIN "
            + label
            + "-----\n"
            + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
            + "\n-----END "
            + label
            + "-----\n");
  }

  /** The authority's certificate, PEM. */
  public Path authority() {
    return directory.resolve("authority.pem");
  }

  /** The server's certificate, PEM. */
  public Path certificate() {
    return directory.resolve("server.pem");
  }

  /** The server's private key, PEM. */
  public Path privateKey() {
    return directory.resolve("server.key");
  }

  /** TLS of the server. */
  public SSLContext server() throws IOException, GeneralSecurityException {
    KeyStore own = empty();
    own.setKeyEntry(
        SERVER,
        keys.getKey(SERVER, PASSWORD),
        PASSWORD,
        new Certificate[] {keys.getCertificate(SERVER), keys.getCertificate(AUTHORITY)});
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(own, PASSWORD);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    return context;
  }

  /** TLS of a client that trusts the authority alone. */
  public SSLContext trusting() throws IOException, GeneralSecurityException {
    KeyStore trusted = empty();
    trusted.setCertificateEntry(AUTHORITY, keys.getCertificate(AUTHORITY));
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

  private static void keytool(Path store, String alias, String... more)
      throws IOException, InterruptedException {
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
                "EC",
                "-dname",
                "CN=" + alias,
                "-validity",
                "3650"));
    command.addAll(List.of(more));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException("keytool failed: " + said);
    }
  }
}
