package dev.onbehalf.acceptance.peers;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A certificate authority made for one run, with one certificate for this machine's loopback. */
public final class TestAuthority {
  private static final String PASSWORD = "only-for-this-run";
  private static final String STORE = "keys.p12";
  private static final String AUTHORITY = "authority";
  private static final String SERVER = "server";

  private final Path directory;
  private final KeyStore keys;

  private TestAuthority(Path directory, KeyStore keys) {
    this.directory = directory;
    this.keys = keys;
  }

  /** Makes the keys and certificates, with the JDK's own tool. */
  public static TestAuthority create() {
    Path directory = Workspace.create("authority");
    keytool(directory, AUTHORITY, "CN=Authority of one test run", "-ext", "bc:critical=ca:true");
    keytool(
        directory,
        SERVER,
        "CN=127.0.0.1",
        "-signer",
        AUTHORITY,
        "-ext",
        "san=ip:127.0.0.1,dns:localhost");
    try (InputStream in = Files.newInputStream(directory.resolve(STORE))) {
      KeyStore keys = KeyStore.getInstance("PKCS12");
      keys.load(in, PASSWORD.toCharArray());
      TestAuthority authority = new TestAuthority(directory, keys);
      pem(authority.certificate(), "CERTIFICATE", keys.getCertificate(SERVER).getEncoded());
      pem(authority.authority(), "CERTIFICATE", keys.getCertificate(AUTHORITY).getEncoded());
      pem(
          authority.privateKey(),
          "PRIVATE KEY",
          keys.getKey(SERVER, PASSWORD.toCharArray()).getEncoded());
      return authority;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The authority's own certificate, PEM. */
  public Path authority() {
    return directory.resolve("authority.pem");
  }

  /** The server's certificate, PEM. */
  public Path certificate() {
    return directory.resolve("server.pem");
  }

  /** The server's private key, PKCS#8 PEM. */
  public Path privateKey() {
    return directory.resolve("server.key");
  }

  /** A TLS client side that trusts this authority alone. */
  public SSLContext trusting() {
    try {
      KeyStore trusted = KeyStore.getInstance("PKCS12");
      trusted.load(null, null);
      trusted.setCertificateEntry(AUTHORITY, keys.getCertificate(AUTHORITY));
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(trusted);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, factory.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** An HTTP client that trusts this authority alone and follows no redirect. */
  public HttpClient client() {
    return HttpClient.newBuilder().sslContext(trusting()).build();
  }

  private static void keytool(Path directory, String alias, String name, String... more) {
    Path store = directory.resolve(STORE);
    List<String> command =
        new ArrayList<>(
            List.of(
                Workspace.java().resolveSibling("keytool").toString(),
                "-genkeypair",
                "-keystore",
                store.toString(),
                "-storepass",
                PASSWORD,
                "-alias",
                alias,
                "-dname",
                name,
                "-keyalg",
                "RSA",
                "-keysize",
                "2048",
                "-validity",
                "30"));
    command.addAll(List.of(more));
    ServerProcess process =
        ServerProcess.start("keytool", command, directory, Map.of("LC_ALL", "C.UTF-8"));
    if (process.awaitExit() != 0) {
      throw new AssertionError("keytool failed" + process.report());
    }
  }

  private static void pem(Path file, String type, byte[] content) throws IOException {
    ByteArrayOutputStream pem = new ByteArrayOutputStream();
    pem.writeBytes(("-----BEGIN " + type + "-----\n").getBytes(StandardCharsets.US_ASCII));
    pem.writeBytes(Base64.getMimeEncoder(64, new byte[] {'\n'}).encode(content));
    pem.writeBytes(("\n-----END " + type + "-----\n").getBytes(StandardCharsets.US_ASCII));
    Files.write(file, pem.toByteArray());
  }
}
