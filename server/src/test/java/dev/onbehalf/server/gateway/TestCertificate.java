package dev.onbehalf.server.gateway;

import dev.onbehalf.server.wire.TestKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;

/** A certificate of its own authority for localhost, as PEM. */
record TestCertificate(X509Certificate certificate, String certificatePem, String keyPem) {
  private static final String ALIAS = "server";

  static TestCertificate make(Path directory, String name, String keyAlgorithm)
      throws IOException, GeneralSecurityException, InterruptedException {
    KeyStore keys =
        TestKeys.add(
            directory.resolve(name + ".p12"),
            ALIAS,
            name,
            keyAlgorithm,
            3650,
            "-ext",
            "SAN=dns:localhost,ip:127.0.0.1");
    return new TestCertificate(
        (X509Certificate) keys.getCertificate(ALIAS),
        TestKeys.certificatePem(keys, ALIAS),
        TestKeys.keyPem(keys, ALIAS));
  }

  void write(Path certificateFile, Path keyFile) throws IOException {
    Files.writeString(certificateFile, certificatePem);
    Files.writeString(keyFile, keyPem);
  }

  /** Makes a client's TLS that trusts these and no others. */
  static SSLContext trusting(TestCertificate... certificates)
      throws IOException, GeneralSecurityException {
    return TestKeys.trusting(
        Stream.of(certificates).map(TestCertificate::certificate).toArray(X509Certificate[]::new));
  }
}
