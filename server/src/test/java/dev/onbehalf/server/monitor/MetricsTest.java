package dev.onbehalf.server.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onbehalf.server.wire.TestHttp;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetricsTest {
  private static final Path GUIDE = Path.of("../docs/guide-monitoring.md");

  /** They show once checks have run, which {@link RoundTripTest} sees to. */
  private static final Set<String> CHECKS =
      Set.of(
          "onbehalf_check_healthy",
          "onbehalf_check_duration_seconds",
          "onbehalf_check_tried_seconds");

  @TempDir Path data;

  @Test
  void metricsWhenReadThenStrictlyInTheFormatAndDocumented() throws IOException {
    Path secret = Files.writeString(data.resolve("site.secret"), "the secret of a site");
    Path delivery =
        Files.writeString(
            data.resolve("delivery.yaml"),
            """
            sites:
              - name: main
                site: example.atlassian.net
                client-id: someone
                client-secret-file: %s
            """
                .formatted(secret));
    int port = TestHttp.freePort();
    try (WatchedServer server =
        new WatchedServer(
            data.resolve("data"),
            port,
            "delivery.file=" + delivery,
            "receive.public-url=http://127.0.0.1:" + port)) {
      HttpResponse<String> answer =
          server.admin("GET", "/metrics", server.token("metrics.token"), null);
      assertThat(answer.headers().firstValue("Content-Type")).contains(Metrics.CONTENT_TYPE);
      Set<String> families =
          PrometheusText.parse(answer.body()).types().keySet().stream()
              .filter(name -> name.startsWith("onbehalf_") && !name.endsWith("_seconds_max"))
              .collect(Collectors.toCollection(TreeSet::new));

      families.add("onbehalf_tls_certificate_expires_seconds");
      families.addAll(CHECKS);
      assertThat(documented()).isEqualTo(families);
    }
  }

  private static Set<String> documented() throws IOException {
    Matcher rows =
        Pattern.compile("^\\| `(onbehalf_[a-z_]+)`", Pattern.MULTILINE)
            .matcher(Files.readString(GUIDE));
    Set<String> names = new TreeSet<>();
    while (rows.find()) {
      names.add(rows.group(1));
    }
    return names;
  }

  @Test
  void metricsWhenAskedForThenOnlyWithATokenAndOnlyAtTheAdministratorListener() throws IOException {
    try (WatchedServer server = new WatchedServer(data)) {
      assertThat(server.admin("GET", "/metrics", null, null).statusCode()).isEqualTo(401);
      assertThat(server.admin("GET", "/metrics", null).statusCode()).isEqualTo(200);
      assertThat(server.admin("POST", "/metrics", null).statusCode()).isEqualTo(405);
      assertThat(
              server.admin("GET", "/api/health", server.token("metrics.token"), null).statusCode())
          .isEqualTo(401);
      String admin = server.token("admin.token").reveal();
      assertThat(server.get("/metrics", "Authorization", "Bearer " + admin).statusCode())
          .isEqualTo(502);
    }
  }

  @Test
  void metricsWhenSwitchedOffThenToldHowToSwitchThemOn() throws IOException {
    try (WatchedServer server = new WatchedServer(data, "monitor.metrics=off")) {
      HttpResponse<String> answer = server.admin("GET", "/metrics", null);
      assertThat(answer.statusCode()).isEqualTo(404);
      assertThat(answer.body()).contains("monitor.metrics");
      assertThat(server.get("/").statusCode()).isEqualTo(502);
    }
  }

  @Test
  void refusalsWhenStrangersSendManyConsumerKeysThenNoSeriesIsAdded() throws IOException {
    try (WatchedServer server = new WatchedServer(data, "limits.checks-per-address=0")) {
      int before = ours(server.metrics()).size();
      for (int i = 0; i < 10_000; i++) {
        HttpResponse<String> answer =
            server.get(
                "/job/" + i,
                "Authorization",
                "OAuth oauth_consumer_key=\"stranger-%1$d\", oauth_token=\"\", oauth_nonce=\"n%1$d\","
                        .formatted(i)
                    + " oauth_timestamp=\"%d\", oauth_signature_method=\"RSA-SHA1\","
                        .formatted(System.currentTimeMillis() / 1000)
                    + " oauth_signature=\"c2lnbmVk\"");
        assertThat(answer.statusCode()).isEqualTo(401);
      }
      PrometheusText after = server.metrics();
      assertThat(ours(after)).hasSize(before);
      assertThat(
              after.value(
                  "onbehalf_refusals_total",
                  Map.of("application", "ci", "problem", "consumer_key_unknown")))
          .isEqualTo(10_000);
      assertThat(after.samples())
          .allSatisfy(sample -> assertThat(sample.labels().toString()).doesNotContain("stranger"));
    }
  }

  /** Of Java's own numbers some appear with the first garbage collection. */
  private static List<PrometheusText.Sample> ours(PrometheusText metrics) {
    return metrics.samples().stream()
        .filter(sample -> sample.name().startsWith("onbehalf_"))
        .toList();
  }
}
