package dev.onbehalf.server.link;

import dev.onbehalf.server.wire.TestKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import javax.net.ssl.SSLContext;

/** An authority of one test run, and the server certificate it signed. */
public final class TestTls {
  private static final String AUTHORITY = "authority";
  private static final String SERVER = "server";
  private static final int DAYS = 3650;

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
    TestKeys.add(store, AUTHORITY, AUTHORITY, "EC", DAYS, "-ext", "bc:critical=ca:true");
    KeyStore keys =
        TestKeys.add(
            store, SERVER, SERVER, "EC", DAYS, "-signer", AUTHORITY, "-ext", "SAN=" + names);
    TestTls tls = new TestTls(directory, keys);
    Files.writeString(tls.authority(), TestKeys.certificatePem(keys, AUTHORITY));
    Files.writeString(tls.certificate(), TestKeys.certificatePem(keys, SERVER));
    Files.writeString(tls.privateKey(), TestKeys.keyPem(keys, SERVER));
    return tls;
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
    return TestKeys.serving(
        keys, SERVER, keys.getCertificate(SERVER), keys.getCertificate(AUTHORITY));
  }

  /** TLS of a client that trusts the authority alone. */
  public SSLContext trusting() throws IOException, GeneralSecurityException {
    return TestKeys.trusting(keys.getCertificate(AUTHORITY));
  }
}
