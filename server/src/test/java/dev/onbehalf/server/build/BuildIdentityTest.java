package dev.onbehalf.server.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import dev.onbehalf.oauth1.Secret;
import dev.onbehalf.server.config.ApplicationConfig;
import dev.onbehalf.server.config.ApplicationConfig.Adapter;
import dev.onbehalf.server.config.ConfigurationException;
import dev.onbehalf.server.config.DatabaseConfig;
import dev.onbehalf.server.config.PublicUrl;
import dev.onbehalf.server.people.TestPeople;
import dev.onbehalf.server.policy.CanonicalPath;
import dev.onbehalf.server.store.Database;
import dev.onbehalf.server.store.TinkSealer;
import dev.onbehalf.server.web.Places;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@SuppressWarnings("JavaUtilDate") // The tokens' library has no other type.
class BuildIdentityTest {
  private static final String ALICE =
      "{\"shortDescription\":\"Started by user alice\",\"userName\":\"alice\"}";
  private static final String BOB =
      "{\"_class\":\"hudson.model.Cause$UserIdCause\",\"userId\":\"bob\",\"userName\":\"Alice\"}";
  private static final String TIMER = "{\"shortDescription\":\"Started by timer\"}";
  private static final String CHANGE =
      "{\"_class\":\"hudson.triggers.SCMTrigger$SCMTriggerCause\"}";
  private static final String JOB = "/job/team/job/app";

  private final TestPeople people = new TestPeople();
  private Duration walk = Duration.ofSeconds(20);
  private volatile Instant now = Instant.now();
  @TempDir private Path data;

  @SuppressWarnings("NullAway.Init")
  private TestCi ci;

  @SuppressWarnings("NullAway.Init")
  private Database database;

  @SuppressWarnings("NullAway.Init")
  private BuildIdentity identity;

  @BeforeEach
  void start() throws IOException {
    people.put("alice", true);
    people.put("bob", true);
    people.put("nightly", true);
    people.put("reader", true);
    people.put("gone", false);
    ci = new TestCi();
    database = Database.open(new DatabaseConfig(null, null, null, 2), data);
    identity = open(file(""));
  }

  @AfterEach
  void stop() {
    database.close();
    ci.close();
  }

  private String file(String more) {
    return """
    issuers:
      - name: ci
        kind: jenkins
        application: ci
        issuer: %1$s/oidc
        keys: %1$s/jwks
        audience: onbehalf
        read-as: reader
    %2$s
      - name: lab
        kind: gitlab
        issuer: https://gitlab.example.com
        keys: %1$s/jwks
        audience: onbehalf
        claims: {ref_protected: "true"}
        people: {alice: alice}
      - name: hub
        kind: github
        issuer: https://token.actions.example.com
        keys: %1$s/jwks
        audience: onbehalf
        people: {octocat: alice}
    rules:
      - issuer: ci
        jobs: [team/**]
        links: [jira]
        allow: ["POST /rest/api/2/issue/*/comment"]
      - issuer: ci
        jobs: [library/*]
        branches: [main, release/*]
        links: [jira]
        allow: ["GET /rest/**"]
      - issuer: lab
        jobs: [team/app]
        branches: [main]
        links: [jira]
        allow: ["* /**"]
      - issuer: hub
        jobs: [team/app]
        links: [jira]
        allow: ["* /**"]
    """
        .formatted(ci.url(), more);
  }

  private BuildIdentity open(String file) throws IOException {
    Path path = Files.writeString(data.resolve("builds.yaml"), file);
    ApplicationConfig application =
        new ApplicationConfig(
            "ci",
            PublicUrl.parse("https://ci.example.com"),
            List.of(),
            URI.create(ci.url()),
            Adapter.JENKINS,
            ApplicationConfig.SignIn.OFF,
            "X-Forwarded-User",
            null,
            "|",
            "X-Secret",
            Secret.of("upstream secret"),
            Duration.ofSeconds(5),
            Duration.ofSeconds(5));
    return BuildIdentity.open(
        new BuildIdentity.Parts(
            path,
            List.of(application),
            database,
            TinkSealer.open(database, data),
            people,
            () -> now,
            UnaryOperator.identity(),
            new Places(4, 2)),
        walk);
  }

  private JWTClaimsSet.Builder claims(String job, int number) {
    return ci.claims().subject("https://ci.example.com" + job + "/").claim("build_number", number);
  }

  private String token(String job, int number) {
    return TestCi.sign(claims(job, number).build());
  }

  private void assertRefused(String token, String problem) {
    assertThatThrownBy(() -> identity.identify(token))
        .isInstanceOfSatisfying(
            RefusedBuildException.class, e -> assertThat(e.problem()).isEqualTo(problem));
  }

  @Test
  void identifyWhenAPersonStartedARunningBuildThenThatPersonWithinTheRules() throws Exception {
    ci.runs(JOB, 5, ALICE);

    BuildIdentity.Caller caller = identity.identify(token(JOB, 5));

    assertThat(caller.person().name()).isEqualTo("alice");
    assertThat(caller.build()).isEqualTo("ci team/app #5");
    assertThat(ci.askedAs(JOB, 5)).isEqualTo("reader");
    CanonicalPath comment = CanonicalPath.of("/rest/api/2/issue/KEY-1/comment");
    assertThat(caller.limits().refusal("Jira", "POST", comment)).isNull();
    assertThat(caller.limits().refusal("jira", "DELETE", comment)).isNotNull();
    assertThat(caller.limits().refusal("wiki", "POST", comment)).isNotNull();
    assertThat(caller.limits().refusal("jira", "POST", CanonicalPath.of("/rest/api/2/user")))
        .isNotNull();
  }

  @Test
  void identifyWhenCausesLeadUpstreamThenThePersonAtTheRoot() throws Exception {
    ci.runs(JOB, 5, up("job/team/job/lib/", 7));
    ci.put("/job/team/job/lib", 7, false, up("", 9) + "," + up("job/team/job/lib/", 7));
    ci.put("/job/root%20job", 9, false, BOB);

    assertThat(identity.identify(token(JOB, 5)).person().name()).isEqualTo("bob");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void identifyWhenTheServerIsSlowThenTheWholeWalkEnds(boolean head) throws Exception {
    walk = Duration.ofMillis(700);
    identity = open(file(""));
    ci.runs(JOB, 5, up("job/team/job/lib/", 7));
    if (head) {
      ci.stalling = "/job/team/job/lib/";
    } else {
      ci.silent = "/job/team/job/lib/";
    }
    String token = token(JOB, 5);

    assertThatThrownBy(() -> identity.identify(token))
        .isInstanceOfSatisfying(
            RefusedBuildException.class, e -> assertThat(e.detail()).contains("in time"));
  }

  @Test
  void identifyWhenTheServerIsSlowThenOthersAreToldToWaitAndKeepTheirTokens() throws Exception {
    ci.runs(JOB, 5, ALICE);
    ci.silent = "/job/team/job/slow/";
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      for (int i = 1; i <= 2; i++) {
        String slow = token("/job/team/job/slow", i);
        var unused = threads.submit(() -> identity.identify(slow));
        ci.awaitAsked("/job/team/job/slow", i);
      }
      String token = token(JOB, 5);

      assertRefused(token, "busy");
      assertThat(identity.identify(TestCi.sign(gitlab().build())).person().name())
          .isEqualTo("alice");
      ci.close();
    } finally {
      threads.shutdown();
      assertThat(threads.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void identifyWhenTheKeysRedirectThenNotFollowed() throws Exception {
    ci.runs(JOB, 5, ALICE);
    ci.keysMovedTo = ci.url() + "/elsewhere/jwks";

    assertRefused(token(JOB, 5), "build-token-invalid");
    ci.keysMovedTo = null;
    identity = open(file(""));
    assertThat(identity.identify(token(JOB, 5)).person().name()).isEqualTo("alice");
  }

  private static String up(String url, int number) {
    return "{\"upstreamProject\":\"root job\",\"upstreamBuild\":%d,\"upstreamUrl\":\"%s\"}"
        .formatted(number, url);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          alice+bob                 | build-nobody
          timer                     | build-nobody
          change                    | build-nobody
          none                      | build-nobody
          up to nothing             | build-unknown
          {"userName":"anonymous"}  | build-person-unknown
          {"userName":"gone"}       | build-person-unknown
          {"upstreamBuild":"../../x"} | build-untraceable
          {"upstreamBuild":3}       | build-untraceable
          {"note":"remote alice"}   | build-nobody
          {"_class":"org.example.ChatCause","userId":"alice"} | build-nobody
          {"_class":"org.example.ChatCause","userName":"alice"} | build-nobody
          """)
  void identifyWhenNoOnePersonStartedItThenRefused(String causes, String problem) {
    String json =
        switch (causes) {
          case "alice+bob" -> ALICE + "," + BOB;
          case "timer" -> TIMER;
          case "change" -> CHANGE;
          case "none" -> "";
          case "up to nothing" -> up("job/nothing/", 1);
          default -> causes;
        };
    ci.runs(JOB, 5, json);

    assertRefused(token(JOB, 5), problem);
  }

  @Test
  void identifyWhenWhoeverStartedItWritesOfATimerThenNoTimer() throws Exception {
    identity = open(file("    timer-runs-as: nightly\n"));
    ci.runs(JOB, 5, "{\"shortDescription\":\"Started by remote host x with note: timer\"}");

    assertRefused(token(JOB, 5), "build-nobody");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/job/..", "/job/team/job/%2e%2e", "/job/a%2Fb", "/job/a b", "/job/a;b"})
  void identifyWhenJobCouldBeReadTwoWaysThenRefused(String job) {
    assertRefused(token(job, 1), "build-token-claim");
  }

  @Test
  void identifyWhenAutomaticBuildsHaveAUserThenThatUser() throws Exception {
    identity = open(file("    timer-runs-as: nightly\n"));
    ci.runs(JOB, 5, TIMER);
    ci.runs(JOB, 6, TIMER + "," + CHANGE);
    ci.runs(JOB, 7, TIMER + "," + ALICE);

    assertThat(identity.identify(token(JOB, 5)).person().name()).isEqualTo("nightly");
    assertRefused(token(JOB, 6), "build-nobody");
    assertThat(identity.identify(token(JOB, 7)).person().name()).isEqualTo("alice");
  }

  @Test
  void identifyWhenBuildIsFinishedUnknownOrYoungerThanItsTokenThenRefused() {
    ci.put(JOB, 4, false, ALICE);
    assertRefused(token(JOB, 4), "build-finished");
    assertRefused(token(JOB, 40), "build-unknown");
    ci.begunMillis = now.plusSeconds(3600).toEpochMilli();
    ci.runs(JOB, 5, ALICE);
    assertRefused(token(JOB, 5), "build-token-claim");
  }

  @Test
  void identifyWhenJobOrBranchHasNoRuleThenRefusedAndTheTokenIsNotSpent() throws Exception {
    assertRefused(token("/job/other/job/app", 1), "build-not-allowed");
    assertRefused(token("/job/library/job/feature%252Fx", 1), "build-not-allowed");
    ci.runs("/job/library/job/release%252F1", 1, ALICE);

    assertThat(identity.identify(token("/job/library/job/release%252F1", 1)).build())
        .isEqualTo("ci library/release%2F1 #1");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void identifyWhenTokenWasShownBeforeThenRefused(boolean withId) throws Exception {
    ci.runs(JOB, 5, ALICE);
    String token =
        TestCi.sign((withId ? claims(JOB, 5).jwtID("only-once") : claims(JOB, 5)).build());
    identity.identify(token);

    assertRefused(token, "build-token-replayed");
    assertRefused(" " + token, "build-token-replayed");
    assertRefused(token + "=", "build-token-replayed");
    if (withId) {
      assertRefused(
          TestCi.sign(claims(JOB, 5).jwtID("only-once").claim("more", 1).build()),
          "build-token-replayed");
    }
  }

  @Test
  void identifyWhenTokenIsForgedThenRefused() throws Exception {
    ci.runs(JOB, 5, ALICE);
    JWTClaimsSet claims = claims(JOB, 5).build();
    String right = TestCi.sign(claims);
    byte[] secret = TestCi.KEY.toRSAPublicKey().getEncoded();

    assertRefused(TestCi.sign(claims, TestCi.key("one")), "build-token-invalid");
    assertRefused(TestCi.sign(claims, TestCi.key("two")), "build-token-invalid");
    assertRefused(
        TestCi.sign(claims, JWSAlgorithm.HS256, "one", new MACSigner(secret)),
        "build-token-invalid");
    assertRefused(new PlainJWT(claims).serialize(), "build-token-invalid");
    assertRefused(right.substring(0, right.length() - 8) + "AAAAAAAA", "build-token-invalid");
    assertRefused("no token", "build-token-invalid");
    assertRefused("x".repeat(20_000), "build-token-invalid");
    assertRefused("", "build-token-invalid");
    assertThat(identity.identify(right).person().name()).isEqualTo("alice");
  }

  @Test
  void identifyWhenClaimsAreOfAnotherThenRefused() {
    ci.runs(JOB, 5, ALICE);
    assertRefused(
        TestCi.sign(claims(JOB, 5).issuer("https://evil.example.com").build()),
        "build-token-issuer");
    assertRefused(TestCi.sign(claims(JOB, 5).audience("another").build()), "build-token-issuer");
    assertRefused(
        TestCi.sign(claims(JOB, 5).expirationTime(Date.from(now.minusSeconds(90))).build()),
        "build-token-expired");
    assertRefused(TestCi.sign(claims(JOB, 5).expirationTime(null).build()), "build-token-invalid");
    assertRefused(
        TestCi.sign(claims(JOB, 5).expirationTime(Date.from(now.plusSeconds(90_000))).build()),
        "build-token-invalid");
    assertRefused(
        TestCi.sign(claims(JOB, 5).claim("build_number", "5/../6").build()), "build-token-claim");
    assertRefused(
        TestCi.sign(claims(JOB, 5).subject("https://ci.example.com.evil.com" + JOB).build()),
        "build-token-claim");
    assertRefused(
        TestCi.sign(claims(JOB, 5).subject("https://ci.example.com/x/../job/app").build()),
        "build-token-claim");
  }

  @Test
  void ticketWhenExchangedThenCountsWhileTheBuildRuns() throws Exception {
    ci.runs(JOB, 5, ALICE);
    String token = token(JOB, 5);
    BuildIdentity.Ticket ticket = identity.exchange(token);
    String value = ticket.value().reveal();

    assertRefused(token, "build-token-replayed");
    assertThat(identity.ofTicket(value).person().name()).isEqualTo("alice");
    assertThat(identity.ofTicket(value).person().name()).isEqualTo("alice");
    assertThatThrownBy(() -> identity.ofTicket(value.substring(0, value.length() - 4) + "AAAA"))
        .hasMessageContaining("not valid");
    ci.put(JOB, 5, false, ALICE);
    assertThatThrownBy(() -> identity.ofTicket(value)).hasMessageContaining("does not run");
    ci.runs(JOB, 5, ALICE);
    now = now.plus(Duration.ofHours(2));
    assertThatThrownBy(() -> identity.ofTicket(value)).hasMessageContaining("past its time");
  }

  private JWTClaimsSet.Builder gitlab() {
    return ci.claims()
        .issuer("https://gitlab.example.com")
        .claim("project_path", "team/app")
        .claim("ref", "main")
        .claim("ref_type", "branch")
        .claim("ref_protected", "true")
        .claim("job_id", "77")
        .claim("user_login", "alice")
        .claim("pipeline_source", "push");
  }

  @Test
  void identifyWhenGitlabSaysWhoThenThatPersonOnListedBranches() throws Exception {
    assertThat(identity.identify(TestCi.sign(gitlab().build())).person().name()).isEqualTo("alice");
    assertRefused(
        TestCi.sign(gitlab().claim("pipeline_source", "schedule").build()), "build-nobody");
    assertRefused(TestCi.sign(gitlab().claim("user_login", "bob").build()), "build-nobody");
    for (String source : List.of("trigger", "pipeline", "parent_pipeline")) {
      assertRefused(TestCi.sign(gitlab().claim("pipeline_source", source).build()), "build-nobody");
    }
    assertRefused(TestCi.sign(gitlab().claim("ref", "other").build()), "build-not-allowed");
    assertRefused(TestCi.sign(gitlab().claim("ref_type", "tag").build()), "build-not-allowed");
    assertRefused(
        TestCi.sign(gitlab().claim("ref_protected", "false").build()), "build-token-claim");
    assertRefused(TestCi.sign(gitlab().claim("user_login", null).build()), "build-token-claim");
  }

  @Test
  void identifyWhenGithubSaysWhoThenListedPeopleAlone() throws Exception {
    JWTClaimsSet.Builder github =
        ci.claims()
            .issuer("https://token.actions.example.com")
            .claim("repository", "team/app")
            .claim("ref", "refs/heads/main")
            .claim("ref_type", "branch")
            .claim("run_id", "9")
            .claim("event_name", "workflow_dispatch")
            .claim("run_attempt", "1")
            .claim("actor", "octocat");
    assertThat(identity.identify(TestCi.sign(github.build())).person().name()).isEqualTo("alice");
    assertRefused(TestCi.sign(github.claim("actor", "alice").build()), "build-nobody");
    assertRefused(
        TestCi.sign(github.claim("actor", "octocat").claim("run_attempt", "2").build()),
        "build-nobody");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          issuers: []                                        | no CI
          issuers: [{name: x}]                               | needs kind
          rules: [{issuer: x}]                               | no issuer has the name
          issuers: [{name: x, kind: travis}]                 | kind is
          typo: 1                                            | means nothing
          issuers: [{name: x, kind: github, issuer: y, keys: "https://k", audience: z}] | people
          issuers: [{name: x, kind: jenkins, issuer: y, keys: "https://k", audience: z}] | application
          issuers: [{name: x, kind: gitlab, issuer: y, keys: "ftp://k", audience: z}] | http
          issuers: [{name: x, kind: gitlab, issuer: y, keys: "http://k", audience: z}] | https
          issuers: [{name: x, kind: gitlab, issuer: y, keys: "https://k", audience: z}] | people
          rules: [{issuer: x, jobs: [a], links: [b], allow: [everything]}] | allow takes
          """)
  void openWhenFileIsWrongThenSaysWhere(String file, String sentence) {
    assertThatThrownBy(() -> open(file))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining(sentence);
  }
}
