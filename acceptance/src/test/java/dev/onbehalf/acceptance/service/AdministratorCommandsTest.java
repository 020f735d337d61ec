package dev.onbehalf.acceptance.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onbehalf.acceptance.clients.ClientLibrary.Answer;
import dev.onbehalf.acceptance.clients.ClientLibrary.Signing;
import dev.onbehalf.acceptance.clients.ClientLibrary.Token;
import dev.onbehalf.acceptance.clients.KeyPairPem;
import dev.onbehalf.acceptance.clients.NetOAuthClient;
import dev.onbehalf.acceptance.peers.Await;
import dev.onbehalf.acceptance.peers.ServerProcess;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import tools.jackson.databind.JsonNode;

/** What administrators do by command is in force in the running service at once. */
@TestInstance(Lifecycle.PER_CLASS)
class AdministratorCommandsTest {
  private static final int FAILED = 1;

  private final AdministeredOnbehalf administered = new AdministeredOnbehalf();
  private final OnbehalfProcess onbehalf = administered.process();

  @BeforeAll
  void populate() {
    onbehalf.addPerson("reader");
  }

  @AfterAll
  void stop() {
    administered.close();
  }

  @Test
  void editUserWhenGroupsAndPasswordAreGivenThenBothAreReplaced() {
    onbehalf.addPerson("erin", "developers");
    assertThat(texts(user("erin").path("groups"))).containsExactly("developers");

    onbehalf.command("user", "edit", "erin", "--group", "testers", "--group", "writers");
    String password = onbehalf.file("next.password", "another pass phrase\n").toString();
    onbehalf.command("user", "edit", "erin", "--password-file", password);

    assertThat(texts(user("erin").path("groups"))).containsExactly("testers", "writers");
    assertThat(onbehalf.command("user", "list")).containsPattern("erin +Erin +testers, writers");
    assertThat(administered.signIn("erin", OnbehalfProcess.passwordOf("erin")).page().status())
        .isEqualTo(403);
    assertThat(administered.signIn("erin", "another pass phrase").page().body())
        .contains("\"x-forwarded-user\":\"erin\"", "\"x-forwarded-groups\":\"testers|writers\"");
  }

  @Test
  void addUserWhenNameIsTakenThenRefused() {
    onbehalf.addPerson("frank");

    BadInputTest.assertRefused(
        onbehalf.tryCommand(
            "user",
            "add",
            "frank",
            "--password-file",
            onbehalf.directory().resolve("frank.password").toString()),
        BadInputTest.USAGE,
        "frank");
  }

  @Test
  void editUserWhenInactiveThenTokensAndSessionsEnd() {
    onbehalf.addPerson("alice");
    NetOAuthClient client = administered.addConsumer("of-alice");
    Token token = AdministeredOnbehalf.dance(client, "alice");
    AdministeredOnbehalf.SignedIn alice =
        administered.signIn("alice", OnbehalfProcess.passwordOf("alice"));
    assertThat(alice.page().body()).contains("\"x-forwarded-user\":\"alice\"");
    assertThat(client.call("GET", administered.ci("/before"), token).status()).isEqualTo(200);

    onbehalf.command("user", "edit", "alice", "--active", "false");

    assertThat(client.call("GET", administered.ci("/after"), token).status()).isEqualTo(401);
    assertThat(alice.browser().open(administered.ci("/")).body())
        .contains("\"target\"")
        .doesNotContain("x-forwarded-user");
    assertThat(administered.json("token", "list", "--person", "alice")).isEmpty();
    assertThat(user("alice").path("active").asBoolean()).isFalse();

    onbehalf.command("user", "edit", "alice", "--active", "true");

    assertThat(client.call("GET", administered.ci("/again"), token).status()).isEqualTo(401);
  }

  @Test
  void removeUserWhenTheyHaveTokensThenTokensGoToo() {
    onbehalf.addPerson("bob");
    NetOAuthClient client = administered.addConsumer("of-bob");
    Token token = AdministeredOnbehalf.dance(client, "bob");

    onbehalf.command("user", "remove", "bob");

    assertThat(client.call("GET", administered.ci("/after"), token).status()).isEqualTo(401);
    assertThat(onbehalf.command("user", "list")).doesNotContain("bob");
    BadInputTest.assertRefused(
        onbehalf.tryCommand("user", "remove", "bob"), BadInputTest.NOT_FOUND, "bob");
  }

  @Test
  void consumerWhenAddedEditedAndRemovedThenShownAndInForce() {
    JsonNode added =
        administered
            .json("consumer", "add", "robot", "--method", "HMAC-SHA1", "--generate-secret")
            .path("sharedSecret");
    onbehalf.command("consumer", "edit", "robot", "--two-legged", "true", "--execute-as", "reader");
    NetOAuthClient client = administered.client("robot", Signing.HMAC_SHA1, added.asString());
    assertArrives(client.callTwoLegged("GET", administered.ci("/robot")), "reader");

    onbehalf.command("consumer", "edit", "robot", "--name", "Night robot", "--enabled", "false");

    assertThat(client.callTwoLegged("GET", administered.ci("/robot")).status()).isEqualTo(401);
    assertThat(onbehalf.command("consumer", "list"))
        .containsPattern("robot +Night robot +HMAC-SHA1 +3-legged, 2-legged as reader +no");
    String shown = onbehalf.command("consumer", "show", "robot");
    assertThat(shown).containsPattern("executeAs +reader").doesNotContain(added.asString());
    assertThat(administered.json("consumer", "show", "robot").path("name").asString())
        .isEqualTo("Night robot");
    assertThat(keys(administered.json("consumer", "list"))).contains("robot");

    onbehalf.command("consumer", "remove", "robot");

    assertThat(keys(administered.json("consumer", "list"))).doesNotContain("robot");
    BadInputTest.assertRefused(
        onbehalf.tryCommand("consumer", "remove", "robot"), BadInputTest.NOT_FOUND, "robot");
  }

  @Test
  void editConsumerWhenExecuteAsAloneAndNotTwoLeggedThenRefused() {
    administered.addConsumer("people-only", "--three-legged", "true");

    BadInputTest.assertRefused(
        onbehalf.tryCommand("consumer", "edit", "people-only", "--execute-as", "reader"),
        BadInputTest.USAGE,
        "--two-legged true");
    assertThat(administered.json("consumer", "show", "people-only").path("twoLegged").asBoolean())
        .isFalse();

    onbehalf.command(
        "consumer", "edit", "people-only", "--execute-as", "reader", "--two-legged", "true");
    onbehalf.addPerson("second-reader");
    onbehalf.command("consumer", "edit", "people-only", "--execute-as", "second-reader");

    JsonNode after = administered.json("consumer", "show", "people-only");
    assertThat(after.path("twoLegged").asBoolean()).isTrue();
    assertThat(after.path("executeAs").asString()).isEqualTo("second-reader");
  }

  @Test
  void addConsumerWhenExecuteAsAloneThenTwoLegged() {
    NetOAuthClient client = administered.addConsumer("implied", "--execute-as", "reader");

    assertArrives(client.callTwoLegged("GET", administered.ci("/implied")), "reader");
  }

  @Test
  void rotateSecretWhenNotYetRetiredThenBothSecretsCount() {
    NetOAuthClient older = administered.addConsumer("two-secrets", "--execute-as", "reader");

    JsonNode rotated = administered.json("consumer", "rotate-secret", "two-secrets");
    NetOAuthClient newer =
        administered.client(
            "two-secrets", Signing.HMAC_SHA1, rotated.path("sharedSecret").asString());

    assertThat(rotated.path("credentials")).hasSize(2);
    assertArrives(older.callTwoLegged("GET", administered.ci("/older")), "reader");
    assertArrives(newer.callTwoLegged("GET", administered.ci("/newer")), "reader");

    assertThat(onbehalf.command("consumer", "retire", "two-secrets")).contains("1 live credential");

    assertThat(older.callTwoLegged("GET", administered.ci("/older")).status()).isEqualTo(401);
    assertArrives(newer.callTwoLegged("GET", administered.ci("/newer")), "reader");
  }

  @Test
  void rotateKeyWhenOneIsRetiredByItsIdThenOnlyTheOtherCounts() {
    KeyPairPem first = KeyPairPem.generate();
    KeyPairPem second = KeyPairPem.generate();
    NetOAuthClient older = administered.client("two-keys", Signing.RSA_SHA1, first.privatePem());
    NetOAuthClient newer = administered.client("two-keys", Signing.RSA_SHA1, second.privatePem());
    String firstFile = onbehalf.file("first.pem", first.publicPem()).toString();
    onbehalf.command(
        "consumer",
        "add",
        "two-keys",
        "--method",
        "RSA-SHA1",
        "--public-key",
        firstFile,
        "--execute-as",
        "reader");
    JsonNode id =
        administered.json("consumer", "show", "two-keys").path("credentials").path(0).path("id");
    assertThat(newer.callTwoLegged("GET", administered.ci("/newer")).status()).isEqualTo(401);

    String secondFile = onbehalf.file("second.pem", second.publicPem()).toString();
    onbehalf.command("consumer", "rotate-key", "two-keys", "--public-key", secondFile);

    assertArrives(older.callTwoLegged("GET", administered.ci("/older")), "reader");
    assertArrives(newer.callTwoLegged("GET", administered.ci("/newer")), "reader");

    onbehalf.command("consumer", "retire", "two-keys", id.asString());

    assertThat(older.callTwoLegged("GET", administered.ci("/older")).status()).isEqualTo(401);
    assertArrives(newer.callTwoLegged("GET", administered.ci("/newer")), "reader");
  }

  @Test
  void revokeTokenWhenListedThenItsCallsAreRefused() {
    onbehalf.addPerson("carol");
    NetOAuthClient client = administered.addConsumer("of-carol");
    Token token = AdministeredOnbehalf.dance(client, "carol");
    assertArrives(client.call("GET", administered.ci("/before"), token), "carol");

    JsonNode listed =
        administered.json("token", "list", "--person", "carol", "--consumer", "of-carol");
    assertThat(listed).hasSize(1);
    String id = listed.path(0).path("id").asString();
    assertThat(onbehalf.command("token", "list"))
        .containsPattern(Pattern.quote(id) + " +carol +of-carol")
        .doesNotContain(token.value());
    onbehalf.command("token", "revoke", id);

    assertThat(client.call("GET", administered.ci("/after"), token).status()).isEqualTo(401);
    assertThat(administered.json("token", "list", "--person", "carol")).isEmpty();
    BadInputTest.assertRefused(
        onbehalf.tryCommand("token", "revoke", id), BadInputTest.NOT_FOUND, id);
  }

  @Test
  void rotateKeysWhenStepByStepThenNextIsPublishedBeforeItSigns() {
    JsonNode before = administered.json("keys", "show");
    String current = before.path("publicKey").asString();
    assertThat(onbehalf.command("keys", "show"))
        .contains(before.path("consumerKey").asString(), current, "-----BEGIN PUBLIC KEY-----");

    String prepared = onbehalf.command("keys", "rotate");
    JsonNode after = administered.json("keys", "show");
    String next = keyOf(after, "next");
    assertThat(prepared).contains(next).doesNotContain("PRIVATE");
    assertThat(after.path("publicKey").asString()).isEqualTo(current);

    onbehalf.command("keys", "rotate", "--activate");
    assertThat(administered.json("keys", "show").path("publicKey").asString()).isEqualTo(next);
    assertThat(
            new PersonBrowser()
                .open(administered.ci("/plugins/servlet/oauth/consumer-info"))
                .body())
        .contains(next)
        .doesNotContain(current);

    assertThat(onbehalf.command("keys", "rotate", "--retire")).doesNotContain("previous");
    assertThat(onbehalf.tryCommand("keys", "rotate", "--restore").exit()).isNotZero();
  }

  @Test
  void healthWhenAnUpstreamIsDownThenNamesItAndExitsWithOne() {
    Command.Result well = onbehalf.tryCommand("health");
    assertThat(well.exit()).as(well.out() + well.err()).isZero();
    assertThat(well.out()).containsPattern("upstream fleeting +ok");

    administered.fleeting().close();
    Command.Result ill = onbehalf.tryCommand("health");
    Command.Result illAsJson = onbehalf.tryCommand("health", "--json");

    assertThat(ill.exit()).isEqualTo(FAILED);
    assertThat(ill.out())
        .containsPattern(
            "upstream fleeting +FAILED +" + administered.fleeting().url() + " cannot be reached")
        .containsPattern("upstream ci +ok");
    assertThat(illAsJson.exit()).isEqualTo(FAILED);
    assertThat(AdministeredOnbehalf.parse(illAsJson.out()).path("healthy").asBoolean(true))
        .isFalse();
  }

  @Test
  void auditWhenFilteredThenOnlyWhatFits() {
    NetOAuthClient client = administered.addConsumer("audited", "--execute-as", "reader");
    assertArrives(client.callTwoLegged("GET", administered.ci("/audited/well")), "reader");
    administered
        .client("audited", Signing.HMAC_SHA1, "a wrong secret")
        .callTwoLegged("GET", administered.ci("/audited/ill"));

    List<JsonNode> refused =
        Await.until(
            "the refusal is recorded",
            () -> {
              List<JsonNode> found =
                  administered.lines(
                      "audit", "--consumer", "audited", "--outcome", "refused", "--json");
              return found.isEmpty() ? null : found;
            });
    List<JsonNode> all = administered.lines("audit", "--consumer", "audited", "--json");
    JsonNode event = refused.get(0);
    String request = event.path("requestId").asString();
    String at = event.path("at").asString();

    assertThat(all).extracting(line -> line.path("path").asString()).contains("/audited/well");
    assertThat(refused).hasSize(1);
    assertThat(event.path("path").asString()).isEqualTo("/audited/ill");
    assertThat(event.path("problem").asString()).isEqualTo("signature_invalid");
    assertThat(administered.lines("audit", "--request", request, "--json")).contains(event);
    assertThat(onbehalf.command("audit", "--consumer", "audited", "--until", at))
        .contains("/audited/well")
        .doesNotContain("/audited/ill");
    assertThat(onbehalf.command("audit", "--person", "reader", "--application", "ci", "-n", "1"))
        .hasLineCount(1);
  }

  @Test
  void auditWhenFollowingThenNewEventsAreAdded() {
    NetOAuthClient client = administered.addConsumer("followed", "--execute-as", "reader");
    assertArrives(client.callTwoLegged("GET", administered.ci("/followed/before")), "reader");

    try (ServerProcess follower =
        Command.start(onbehalf.directory(), "audit", "-f", "--consumer", "followed")) {
      follower.awaitLine(Pattern.compile("/followed/before"));
      assertArrives(client.callTwoLegged("GET", administered.ci("/followed/after")), "reader");
      follower.awaitLine(Pattern.compile("/followed/after"));
      follower.terminate();

      assertThat(follower.output()).containsOnlyOnce("/followed/before");
      assertThat(follower.output()).containsOnlyOnce("/followed/after");
    }
  }

  @Test
  void explainWhenSignatureWasRefusedThenSaysWhyAndWhatToTry()
      throws IOException, InterruptedException {
    administered.addConsumer("explained", "--execute-as", "reader");
    String refused =
        administered.refusedRequest(
            administered.client("explained", Signing.HMAC_SHA1, "a wrong secret"));
    JsonNode explanation = administered.awaitExplanation(refused);
    administered.refusedRequest(
        administered.client("unheard-of", Signing.HMAC_SHA1, AdministeredOnbehalf.SECRET));

    assertThat(explanation.path("problem").asString()).isEqualTo("signature_invalid");
    assertThat(explanation.path("consumer").asString()).isEqualTo("explained");
    assertThat(onbehalf.command("explain", refused))
        .contains(refused, "signature_invalid", "To try: ", explanation.path("finding").asString())
        .doesNotContain(AdministeredOnbehalf.SECRET);
    JsonNode newest = administered.json("explain", "-n", "1");
    assertThat(newest).hasSize(1);
    assertThat(newest.path(0).path("problem").asString()).isNotEmpty();
    assertThat(onbehalf.command("explain")).contains("Finding: ", "To try: ");
    BadInputTest.assertRefused(
        onbehalf.tryCommand("explain", "no-such-request"),
        BadInputTest.NOT_FOUND,
        "no-such-request");
  }

  private JsonNode user(String name) {
    for (JsonNode user : administered.json("user", "list")) {
      if (user.path("name").asString().equals(name)) {
        return user;
      }
    }
    throw new AssertionError("no user " + name);
  }

  private static String keyOf(JsonNode keys, String role) {
    for (JsonNode key : keys.path("keys")) {
      if (key.path("role").asString().equals(role)) {
        return key.path("publicKey").asString();
      }
    }
    throw new AssertionError("no " + role + " key in " + keys);
  }

  private static List<String> keys(JsonNode consumers) {
    List<String> keys = new ArrayList<>();
    consumers.forEach(consumer -> keys.add(consumer.path("key").asString()));
    return keys;
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(element -> texts.add(element.asString()));
    return texts;
  }

  private static void assertArrives(Answer answer, String person) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    assertThat(answer.body()).contains("\"x-forwarded-user\":\"" + person + "\"");
  }
}
