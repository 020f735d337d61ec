package dev.onbehalf.server.receive;

import static dev.onbehalf.server.receive.PersonAtPages.text;
import static dev.onbehalf.server.receive.PersonAtPages.values;
import static dev.onbehalf.server.receive.ReceivingServer.build;
import static dev.onbehalf.server.receive.ReceivingServer.json;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The administrator's pages for credentials, over a socket. */
@SuppressWarnings("NullAway.Init")
@Timeout(120)
final class CredentialPagesTest {
  private static final Pattern CLIENT_ID = Pattern.compile(">([a-z0-9]{24})<");
  private static final Pattern SECRET = Pattern.compile("onbs_[A-Za-z0-9_-]{43}");

  @TempDir private static Path data;
  private static ReceivingServer server;
  private static PersonAtPages admin;
  private static PersonAtPages member;
  private static PersonAtPages nobody;
  private static int made;

  @BeforeAll
  static void start() throws IOException {
    server =
        new ReceivingServer(
            data,
            Clock.systemUTC(),
            "receive.administrators=alice",
            "receive.administrator-groups=ci-admins");
    admin = PersonAtPages.signedIn(server, "alice");
    member = PersonAtPages.signedIn(server, "carol", "ci-admins", "others");
    nobody = PersonAtPages.signedIn(server, "bob", "others");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  /** A credential as the page showed it. */
  private record Shown(String name, String clientId, String secret) {
    String path() {
      return "/credentials/" + clientId;
    }
  }

  private static Shown make(String... more) {
    String name = "Build server " + ++made;
    List<String> fields = new ArrayList<>(List.of("name", name));
    fields.addAll(List.of(more));
    admin.page("/credentials/new");
    HttpResponse<String> answer = admin.post("/credentials", fields.toArray(String[]::new));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return new Shown(name, found(CLIENT_ID, answer.body()), found(SECRET, answer.body()));
  }

  private static String found(Pattern pattern, String html) {
    Matcher matcher = pattern.matcher(html);
    assertThat(matcher.find()).as(html).isTrue();
    return matcher.group(matcher.groupCount());
  }

  private static JsonNode api(Shown shown) {
    return json(server.admin("GET", "/api/credentials/" + shown.clientId(), null), 200);
  }

  private static int token(Shown shown, String secret) {
    return server.askToken(shown.clientId(), secret).statusCode();
  }

  @Test
  void credentialWhenMadeInThePageThenItsSecretIsShownOnceAndWorks() {
    Shown made =
        make(
            "kind",
            "builds",
            "kind",
            "deployments",
            "may",
            "all",
            "projects",
            "abc, def",
            "until",
            "2999-12-31");

    JsonNode stored = api(made);
    assertThat(stored.path("scopes").toString())
        .isEqualTo(
            "[\"builds:read\",\"builds:write\",\"builds:delete\",\"deployments:read\","
                + "\"deployments:write\",\"deployments:delete\"]");
    assertThat(stored.path("projects").toString()).isEqualTo("[\"ABC\",\"DEF\"]");
    assertThat(stored.path("expires").asString()).isEqualTo("3000-01-01T00:00:00Z");
    String bearer =
        json(server.askToken(made.clientId(), made.secret()), 200).path("access_token").asString();
    assertThat(
            server
                .send(
                    "POST",
                    server.path("builds", "bulk"),
                    bearer,
                    build("a", 1, 1, "failed", "ABC-1"))
                .statusCode())
        .isEqualTo(202);
    for (String path : List.of("/credentials", made.path(), made.path() + "/edit")) {
      assertThat(admin.page(path)).contains(made.name()).doesNotContain(made.secret());
    }
    assertThat(text(admin.page(made.path()))).contains("Last used").doesNotContain("Never used");
  }

  @Test
  void credentialWhenItMayOnlySendThenItHasNoOtherScope() {
    assertThat(api(make("kind", "builds", "may", "send")).path("scopes").toString())
        .isEqualTo("[\"builds:write\"]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "name= &kind=builds|1 to 100 characters",
        "name=x|at least one thing",
        "name=x&kind=everything|cannot be sent",
        "name=x&kind=builds&projects=a|is not the key of a project",
        "name=x&kind=builds&until=2001-01-01|is over already",
        "name=x&kind=builds&until=tomorrow|must be written as",
        "name=x&kind=builds&until=+99999-01-01|too far away",
      })
  void formWhenSomethingIsWrongThenSaidAndKept(String fields, String sentence) {
    admin.page("/credentials/new");
    List<String> pairs = new ArrayList<>();
    for (String field : fields.split("&", -1)) {
      pairs.addAll(List.of(field.split("=", 2)));
    }

    HttpResponse<String> answer = admin.post("/credentials", pairs.toArray(String[]::new));

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains(sentence, "role=\"alert\"");
    if (fields.contains("projects")) {
      assertThat(answer.body()).contains("name=\"projects\" value=\"a\"");
    }
  }

  @Test
  void formWhenNameIsTakenThenNoSecondCredential() {
    Shown first = make("kind", "builds");
    admin.page("/credentials/new");

    HttpResponse<String> answer =
        admin.post("/credentials", "name", first.name().toUpperCase(Locale.ROOT), "kind", "builds");

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("There is a credential").doesNotContainPattern(SECRET);
  }

  @Test
  void credentialWhenChangedThenOnlyWhatWasChanged() {
    Shown made = make("kind", "builds", "may", "send", "until", "2999-12-31");
    String form = admin.page(made.path() + "/edit");
    assertThat(form).contains("value=\"2999-12-31\"");

    HttpResponse<String> answer =
        admin.post(
            made.path() + "/edit",
            "name",
            made.name() + " b",
            "kind",
            "builds",
            "may",
            "send",
            "projects",
            "ABC",
            "until",
            "2999-12-31");

    assertThat(answer.statusCode()).isEqualTo(303);
    assertThat(text(admin.page(made.path() + "?done=changed"))).contains("Changed.");
    JsonNode stored = api(made);
    assertThat(stored.path("name").asString()).isEqualTo(made.name() + " b");
    assertThat(stored.path("scopes").toString()).isEqualTo("[\"builds:write\"]");
    assertThat(stored.path("projects").toString()).isEqualTo("[\"ABC\"]");
    assertThat(stored.path("expires").asString()).isEqualTo("3000-01-01T00:00:00Z");
  }

  @Test
  void credentialWhenItsScopesWereMixedByCommandThenTheFormLeavesThem() {
    ReceivingServer.Client mixed =
        server.credential("mixed", "builds:read", "builds:write", "deployments");
    String path = "/credentials/" + mixed.id();
    assertThat(text(admin.page(path + "/edit"))).contains("As it is now");

    admin.post(
        path + "/edit", "name", "mixed", "kind", "builds", "may", "as-it-is", "projects", "");

    assertThat(json(server.admin("GET", "/api/credentials/mixed", null), 200).path("scopes"))
        .hasSize(5);
  }

  @Test
  void secretWhenRotatedThenBothCountUntilTheFirstIsEnded() {
    Shown made = make("kind", "builds");
    admin.page(made.path());
    HttpResponse<String> rotated = admin.post(made.path() + "/rotate");
    String second = found(SECRET, rotated.body());

    assertThat(second).isNotEqualTo(made.secret());
    assertThat(token(made, made.secret())).isEqualTo(200);
    assertThat(token(made, second)).isEqualTo(200);
    List<String> ids = values(admin.page(made.path()), "secret");
    assertThat(ids).hasSize(2);
    HttpResponse<String> third = admin.post(made.path() + "/rotate");
    assertThat(third.statusCode()).isEqualTo(400);
    assertThat(third.body()).contains("two live secrets").doesNotContainPattern(SECRET);

    assertThat(admin.post(made.path() + "/retire", "secret", ids.get(0)).statusCode())
        .isEqualTo(303);
    assertThat(token(made, made.secret())).isEqualTo(401);
    assertThat(token(made, second)).isEqualTo(200);
    HttpResponse<String> last = admin.post(made.path() + "/retire", "secret", ids.get(1));
    assertThat(last.statusCode()).isEqualTo(400);
    assertThat(last.body()).contains("only live secret");
  }

  @Test
  void credentialWhenSwitchedOffThenNothingCountsUntilItIsSwitchedOn() {
    Shown made = make("kind", "builds");
    admin.page(made.path());

    admin.post(made.path() + "/disable");
    assertThat(token(made, made.secret())).isEqualTo(401);
    assertThat(text(admin.page(made.path()))).contains("off", "Switch on");
    admin.post(made.path() + "/enable");

    assertThat(token(made, made.secret())).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"keep", "delete"})
  void credentialWhenDeletedThenItsDataStaysOrGoes(String what) {
    Shown made = make("kind", "builds");
    String bearer =
        json(server.askToken(made.clientId(), made.secret()), 200).path("access_token").asString();
    server.send(
        "POST",
        server.path("builds", "bulk"),
        bearer,
        build("gone-" + what, 7, 1, "failed", "DEF-7"));
    admin.page(made.path());
    assertThat(admin.post(made.path() + "/delete").statusCode()).isEqualTo(400);

    assertThat(admin.post(made.path() + "/delete", "data", what).statusCode()).isEqualTo(303);

    assertThat(admin.get(made.path()).statusCode()).isEqualTo(404);
    assertThat(admin.page("/issues/DEF-7").contains("gone-" + what)).isEqualTo(what.equals("keep"));
  }

  @Test
  void pagesWhenPersonIsInAGroupThenAdministrator() {
    member.page("/credentials");
    member.page("/credentials/new");
    HttpResponse<String> answer = member.post("/credentials", "name", "By carol", "kind", "builds");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(recorded("carol", "credential-create")).isEqualTo("ALLOWED");
  }

  @Test
  void pagesWhenPersonIsNoAdministratorThenTheOptionIsNamedAndNothingHappens() {
    Shown made = make("kind", "builds");
    nobody.page("/-/onbehalf/");
    for (String path : List.of("/credentials", "/credentials/new", made.path())) {
      HttpResponse<String> answer = nobody.get(path);
      assertThat(answer.statusCode()).isEqualTo(403);
      assertThat(answer.body())
          .contains("receive.administrators", "receive.administrator-groups", "bob")
          .doesNotContain(made.clientId());
    }

    for (String deed : List.of("/disable", "/rotate", "/delete", "/edit", "/retire")) {
      nobody.page("/-/onbehalf/");
      assertThat(nobody.post(made.path() + deed, "data", "delete").statusCode()).isEqualTo(403);
    }
    assertThat(nobody.post("/credentials", "name", "Mine", "kind", "builds").statusCode())
        .isEqualTo(403);

    assertThat(token(made, made.secret())).isEqualTo(200);
    assertThat(server.admin("GET", "/api/credentials/Mine", null).statusCode()).isEqualTo(404);
    assertThat(recorded("bob", "credential-administration")).isEqualTo("REFUSED");
  }

  @Test
  void formsWhenTheTokenIsMissingThenNothingHappens() {
    Shown made = make("kind", "builds");

    for (String deed : List.of("/disable", "/rotate", "/delete", "/edit", "/retire")) {
      assertThat(admin.postWith("x", made.path() + deed, "data", "delete").statusCode())
          .isEqualTo(403);
    }
    assertThat(admin.postWith("", "/credentials", "name", "Forged", "kind", "builds").statusCode())
        .isEqualTo(403);

    assertThat(token(made, made.secret())).isEqualTo(200);
    assertThat(server.admin("GET", "/api/credentials/Forged", null).statusCode()).isEqualTo(404);
  }

  @Test
  void pagesWhenNobodyIsSignedInThenToSignInAndBack() {
    assertThat(server.get("/credentials/new", null).headers().firstValue("Location").orElse(""))
        .endsWith("/-/onbehalf/sign-in?returnTo=%2Fcredentials%2Fnew");
    assertThat(server.send("POST", "/credentials", null, null).statusCode()).isEqualTo(401);
  }

  @Test
  void panelWhenNoOriginIsConfiguredThenNotFoundAndTheOptionIsNamed() {
    HttpResponse<String> answer = admin.get("/panel/issues/ABC-1");

    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(answer.body()).contains("receive.frame-origins");
    assertThat(answer.headers().firstValue("X-Frame-Options")).contains("DENY");
  }

  @Test
  void pagesWhenANameIsMarkupThenShownAsText() {
    admin.page("/credentials/new");
    admin.post("/credentials", "name", "<script>alert(1)</script>", "kind", "builds");

    assertThat(admin.page("/credentials"))
        .contains("&lt;script&gt;alert(1)")
        .doesNotContain("<script");
  }

  /** Returns the outcome of a person's latest deed of that name, once it is in the trail. */
  private static String recorded(String person, String action) {
    String path = "/api/audit?limit=100&person=" + person;
    while (true) {
      for (JsonNode event : json(server.admin("GET", path, null), 200)) {
        if (event.path("action").asString().equals(action)) {
          return event.path("outcome").asString();
        }
      }
      Thread.onSpinWait();
    }
  }
}
