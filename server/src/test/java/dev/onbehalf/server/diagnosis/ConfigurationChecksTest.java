package dev.onbehalf.server.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onbehalf.server.config.Configuration;
import dev.onbehalf.server.config.ConfigurationReader;
import dev.onbehalf.server.wire.StubUpstream;
import dev.onbehalf.server.wire.TestKeys;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the doctor says of configurations, files and certificates. */
class ConfigurationChecksTest {
  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          listen=127.0.0.1:0 | fine configuration: Listeners
          trusted-proxies=0.0.0.0/0 | fault option trusted-proxies: Every address is trusted
          admin=0.0.0.0:0 | warning option admin: The administration speaks plain HTTP
          limits.checks-per-address=0 | warning option limits.checks-per-address: The limit is
          limits.requests-per-consumer=0 | warning option limits.requests-per-consumer: The limit
          applications.ci.public-url=http://ci.example.com | warning public URL of ci: http://ci.e
          applications.ci.public-url=http://localhost:8480 | fine configuration: Listeners
          applications.ci.public-url=https://ci.example.com | fine configuration: Listeners
          """)
  void runWhenAnOptionIsWeakThenNamed(String setting, String finding) {
    assertThat(found(setting))
        .singleElement()
        .satisfies(text -> assertThat(text).startsWith(finding));
  }

  @Test
  void runWhenAPlainPublicUrlIsServedToTheNetworkThenAFault() {
    assertThat(found("listen=0.0.0.0:0", "applications.ci.public-url=http://ci.example.com"))
        .singleElement()
        .satisfies(text -> assertThat(text).startsWith("fault public URL of ci: "));
  }

  @Test
  void runWhenFilesAreOpenToOthersThenEachIsNamed() throws IOException {
    Path data = Files.createDirectories(directory.resolve("data"));
    Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path keyset = Files.writeString(data.resolve("keyset"), "{}");
    Files.setPosixFilePermissions(keyset, PosixFilePermissions.fromString("rw-r--r--"));

    assertThat(found())
        .satisfiesExactly(
            text -> assertThat(text).startsWith("fault data directory: " + keyset),
            text -> assertThat(text).startsWith("warning data directory: " + data + " is open"));
  }

  @ParameterizedTest
  @CsvSource({"0,warning,expires on", "20,fault,expired on"})
  void runWhenTheListenersCertificateEndsThenTheDayIsSaid(
      int daysLater, String severity, String words) throws Exception {
    Path pem =
        Files.writeString(
            directory.resolve("listener.pem"), TestKeys.certificatePem(keys(), "server"));

    List<SetupFinding> findings =
        ConfigurationChecks.run(
            configuration("tls.certificate=" + pem, "tls.key=" + pem),
            InstantSource.offset(Clock.systemUTC(), Duration.ofDays(daysLater)));

    assertThat(texts(findings))
        .anySatisfy(
            text ->
                assertThat(text).startsWith(severity + " option tls.certificate").contains(words));
  }

  @Test
  void upstreamWhenItsCertificateIsOurOwnThenUntrustedAndItsEndIsSaid() throws Exception {
    KeyStore keys = keys();
    SSLContext tls = TestKeys.serving(keys, "server", keys.getCertificate("server"));
    try (StubUpstream upstream =
        new StubUpstream(
            tls.getServerSocketFactory()
                .createServerSocket(0, 50, InetAddress.getLoopbackAddress()))) {
      Configuration configuration =
          configuration(
              "applications.ci.public-url=https://ci.example.com",
              "applications.ci.upstream=https://localhost:" + upstream.port());

      List<SetupFinding> findings =
          new UpstreamCheck(
                  configuration.applications().get(0),
                  new Clocks(Duration.ofMinutes(5)),
                  Clock.systemUTC())
              .run();

      assertThat(texts(findings))
          .satisfiesExactly(
              text -> assertThat(text).startsWith("fault ").contains("does not trust"),
              text -> assertThat(text).startsWith("warning ").contains("expires on"));
      assertThat(upstream.requests()).isEmpty();
    }
  }

  private List<String> found(String... settings) {
    return texts(
        ConfigurationChecks.run(configuration(settings), InstantSource.fixed(Instant.now())));
  }

  private static List<String> texts(List<SetupFinding> findings) {
    return findings.stream()
        .map(
            finding ->
                finding.severity().name().toLowerCase(Locale.ROOT)
                    + " "
                    + finding.subject()
                    + ": "
                    + finding.seen())
        .toList();
  }

  private Configuration configuration(String... settings) {
    List<String> all = new ArrayList<>();
    all.add("data=" + directory.resolve("data"));
    all.addAll(Arrays.asList(settings));
    String joined = String.join(" ", settings);
    if (joined.contains("applications.ci") && !joined.contains("upstream")) {
      all.add("applications.ci.upstream=http://127.0.0.1:1");
    }
    return ConfigurationReader.read(null, Map.of(), all).configuration();
  }

  /** Makes a key with a certificate that ends in ten days. */
  private KeyStore keys() throws IOException, GeneralSecurityException, InterruptedException {
    return TestKeys.add(
        directory.resolve("keys.p12"), "server", "server", "EC", 10, "-ext", "SAN=dns:localhost");
  }
}
