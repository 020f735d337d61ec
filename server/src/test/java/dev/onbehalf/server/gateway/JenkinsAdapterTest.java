package dev.onbehalf.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onbehalf.server.config.ApplicationConfig.Adapter;
import dev.onbehalf.server.config.ApplicationConfig.SignIn;
import dev.onbehalf.server.wire.StubUpstream;
import dev.onbehalf.server.wire.Wire;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class JenkinsAdapterTest {
  private StubUpstream upstream;
  private final CrumbJenkins jenkins = new CrumbJenkins();

  @BeforeEach
  void open() throws IOException {
    upstream = new StubUpstream();
    upstream.script(jenkins);
  }

  @AfterEach
  void close() throws IOException {
    upstream.close();
  }

  private TestGateway.Builder gateway() {
    return TestGateway.in(upstream).adapter(Adapter.JENKINS).authenticator(new SignedAs());
  }

  private static Wire.Message post(TestGateway gateway, String... headers) throws IOException {
    String[] all = new String[headers.length + 1];
    System.arraycopy(headers, 0, all, 0, headers.length);
    all[headers.length] = "Content-Length: 0";
    return Wire.exchange(gateway.port(), Wire.request("POST", "/job/a/build", all));
  }

  @Test
  void postWhenSignedThenPersonsOwnCrumb() throws IOException {
    try (TestGateway gateway = gateway().start()) {
      Wire.Message answer = post(gateway, SignedAs.header("alice"));
      assertThat(answer.status()).isEqualTo(201);
      assertThat(answer.body()).isEqualTo("alice");
      assertThat(answer.all("Set-Cookie")).isEmpty();
      assertThat(post(gateway, SignedAs.header("alice")).status()).isEqualTo(201);
      assertThat(jenkins.issued).hasValue(1);
      assertThat(jenkins.refused).hasValue(0);
    }
  }

  @Test
  void postWhenClientSendsItsOwnCrumbThenOursAloneArrives() throws IOException {
    try (TestGateway gateway = gateway().start()) {
      Wire.Message answer =
          post(
              gateway,
              SignedAs.header("alice"),
              "Jenkins-Crumb: of-another-session",
              "jenkins-crumb: again",
              "Cookie: JSESSIONID=other");
      assertThat(answer.status()).isEqualTo(201);
    }
  }

  @Test
  void getWhenSignedThenNoCrumbIsFetched() throws IOException {
    try (TestGateway gateway = gateway().start()) {
      assertThat(Wire.get(gateway.port(), "/", SignedAs.header("alice")).body()).isEqualTo("alice");
      assertThat(jenkins.issued).hasValue(0);
    }
  }

  @Test
  void postWhenCrumbIsStaleThenRefreshedOnce() throws IOException {
    try (TestGateway gateway = gateway().start()) {
      post(gateway, SignedAs.header("alice"));
      jenkins.restart();
      assertThat(
              Wire.exchange(
                      gateway.port(), Wire.form("/job/a/build", "a=b", SignedAs.header("alice")))
                  .status())
          .isEqualTo(201);
      assertThat(jenkins.issued).hasValue(2);
      assertThat(jenkins.refused).hasValue(1);
    }
  }

  @Test
  void postWhenUpstreamRefusesForGoodThenItsAnswerArrives() throws IOException {
    upstream.script(
        (request, wire) ->
            request.method().equals("POST")
                ? StubUpstream.answer(403, "bob lacks the permission")
                : jenkins.answer(request, wire));
    try (TestGateway gateway = gateway().start()) {
      for (int i = 0; i < 3; i++) {
        Wire.Message answer = post(gateway, SignedAs.header("bob"));
        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.body()).isEqualTo("bob lacks the permission");
      }
      long posts =
          upstream.requests().stream().filter(each -> each.method().equals("POST")).count();
      assertThat(posts).isBetween(3L, 6L);
    }
  }

  @Test
  void postWhenManyPeopleAtOnceThenCrumbsNeverMix() throws Exception {
    try (TestGateway gateway = gateway().trusted("127.0.0.1").start()) {
      ExecutorService pool = Executors.newFixedThreadPool(8);
      List<Future<?>> all = new ArrayList<>();
      for (int thread = 0; thread < 8; thread++) {
        int start = thread;
        all.add(
            pool.submit(
                () -> {
                  try (Wire wire = new Wire(gateway.port())) {
                    for (int i = 0; i < 60; i++) {
                      String name = "user" + (start + i) % 7;
                      wire.send(
                          Wire.request(
                              "POST",
                              "/job/a/build",
                              SignedAs.header(name),
                              "X-Forwarded-For: 192.0.2." + i % 3,
                              "Content-Length: 0"));
                      Wire.Message answer = wire.answer();
                      assertThat(answer.status()).isEqualTo(201);
                      assertThat(answer.body()).isEqualTo(name);
                    }
                  }
                  return null;
                }));
      }
      for (Future<?> each : all) {
        each.get();
      }
      pool.shutdown();
      assertThat(jenkins.issued).hasValue(21);
      assertThat(jenkins.refused).hasValue(0);
    }
  }

  @Test
  void postWhenOfABrowserThenNoCrumb() throws IOException {
    try (TestGateway gateway =
        gateway().signIn(SignIn.OPTIONAL).session("cookie", TestGateway.person("alice")).start()) {
      Wire.Message answer =
          post(
              gateway,
              "Cookie: " + TestGateway.SESSION_COOKIE + "=cookie",
              "Origin: http://ci.example.com");
      assertThat(answer.status()).isEqualTo(403);
      assertThat(upstream.last().header("X-Forwarded-User")).contains("alice");
      assertThat(upstream.last().header("Jenkins-Crumb")).isEmpty();
      assertThat(jenkins.issued).hasValue(0);
    }
  }

  @Test
  void postWhenUpstreamIssuesNoCrumbsThenGoesWithout() throws IOException {
    jenkins.issues = false;
    try (TestGateway gateway = gateway().start()) {
      assertThat(post(gateway, SignedAs.header("alice")).body()).isEqualTo("alice");
    }
  }

  @Test
  void postWhenCrumbIssuerIsBrokenThenRefusalOfUpstreamArrives() throws IOException {
    upstream.script(
        (request, wire) ->
            request.target().startsWith("/crumbIssuer")
                ? StubUpstream.answer(200, "<html>", "Content-Type: text/html")
                : jenkins.answer(request, wire));
    try (TestGateway gateway = gateway().start()) {
      assertThat(post(gateway, SignedAs.header("alice")).status()).isEqualTo(403);
    }
  }
}
