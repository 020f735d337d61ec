package dev.onbehalf.server.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onbehalf.server.access.Caller;
import dev.onbehalf.server.access.Grants;
import dev.onbehalf.server.access.ImpersonationLimits;
import dev.onbehalf.server.access.Permissions;
import dev.onbehalf.server.people.Person;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConsumerPolicyTest {
  private static final Person ALICE =
      new Person("alice", "id-alice", "Alice", null, Set.of("developers"), true);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          everything            | DELETE  | /any/../thing;x                    | true
          everything            | CONNECT | /wsagents/                         | true
          read-only             | GET     | /job/a/api/json                    | true
          read-only             | HEAD    | /                                  | true
          read-only             | OPTIONS | /                                  | true
          read-only             | POST    | /job/a/build                       | false
          read-only             | GET     | /job/a/build                       | false
          read-only             | GET     | /view/v/job/a/buildWithParameters  | false
          read-only             | GET     | /job/build/1/                      | true
          read-only             | GET     | /job/f/job/build/1/                | true
          read-only             | GET     | /job/job/build                     | false
          read-only             | GET     | /job/a/build/x                     | false
          read-only             | GET     | /item/a/build                      | false
          read-only             | GET     | /view/All/item/a/build             | false
          read-only             | GET     | /buildByToken/build                | false
          read-only             | GET     | /job/a/polling                     | false
          read-only             | GET     | /quietDown                         | false
          read-only             | GET     | /job/a/1/toggleLogKeep             | false
          trigger-builds        | GET     | /quietDown                         | false
          trigger-builds        | GET     | /job/a/1/toggleLogKeep             | false
          read-only             | CONNECT | /cli/ws                            | false
          read-only             | get     | /job/a/                            | false
          read-only             | PROPFIND| /job/a/                            | false
          trigger-builds        | GET     | /job/a/                            | true
          trigger-builds        | POST    | /job/a/build                       | true
          trigger-builds        | POST    | /job/a/build/                      | true
          trigger-builds        | POST    | /job/p/job/f%252Fx/buildWithParameters | true
          trigger-builds        | POST    | /view/v/job/a/build                | true
          trigger-builds        | POST    | /api/v2/forceschedulers/force      | true
          trigger-builds        | POST    | /job/a/config.xml                  | false
          trigger-builds        | POST    | /job/a/doDelete                    | false
          trigger-builds        | POST    | /build                             | false
          trigger-builds        | POST    | /script;/job/a/build               | false
          trigger-builds        | POST    | /script%2Fjob/a/build              | false
          trigger-builds        | DELETE  | /job/a/build                       | false
          trigger-builds        | CONNECT | /cli/ws                            | false
          GET /public/**        | GET     | /public/x                          | true
          GET /public/**        | GET     | /public                            | true
          GET /public/**        | POST    | /public/x                          | false
          GET /public/**        | GET     | /script                            | false
          GET /public/**        | GET     | /publicity                         | false
          GET /public/**        | GET     | /PUBLIC/x                          | false
          GET /public/**        | GET     | /%70ublic/x                        | true
          GET /public/**        | GET     | /public/../script                  | false
          GET /public/**        | GET     | /public/%2e%2e/script              | false
          GET /public/**        | GET     | /public/..;/script                 | false
          GET /public/**        | GET     | /public%2f..%2fscript              | false
          GET /public/**        | GET     | /public/%252e%252e/script          | false
          GET /public/**        | GET     | /public/%5c..%5cscript             | false
          GET /public/*         | GET     | /public/a%252Fb                    | false
          GET /public/**        | GET     | /public/a%252Fb                    | true
          * /job/team/**        | DELETE  | /job/team/x                        | true
          GET,POST /a/*/b       | POST    | /a/x/b                             | true
          GET,POST /a/*/b       | PUT     | /a/x/b                             | false
          """)
  void refusalWhenPermissionsThenOnlyWhatTheyAllow(
      String granted, String method, String path, boolean allowed) {
    ConsumerPolicy policy =
        policy(ImpersonationLimits.DEFAULT, ConsumerPolicyTest::nobody, List.of(granted));
    String refusal = policy.refusal(by(ALICE, Caller.Mode.TWO_LEGGED), "ci", method, path);
    assertThat(refusal == null).as(String.valueOf(refusal)).isEqualTo(allowed);
  }

  @Test
  void refusalWhenSeveralAreGrantedThenTheirUnion() {
    ConsumerPolicy policy =
        policy(
            ImpersonationLimits.DEFAULT,
            ConsumerPolicyTest::nobody,
            List.of("read-only", "POST /job/a/build"));
    assertThat(ask(policy, "GET", "/x")).isNull();
    assertThat(ask(policy, "POST", "/job/a/build")).isNull();
    assertThat(ask(policy, "POST", "/job/b/build"))
        .isEqualTo(
            "This request is beyond what was granted, which is: read-only, POST /job/a/build.");
  }

  @Test
  void refusalWhenTokenGrantsLessThenBothMustAllow() {
    ConsumerPolicy policy =
        policy(
            ImpersonationLimits.DEFAULT,
            ConsumerPolicyTest::nobody,
            List.of("trigger-builds"),
            List.of("* /job/a/**"));
    assertThat(ask(policy, "POST", "/job/a/build")).isNull();
    assertThat(ask(policy, "POST", "/job/b/build")).isNotNull();
    assertThat(ask(policy, "DELETE", "/job/a/build")).isNotNull();
  }

  @Test
  void refusalWhenConsumerIsGoneThenRefused() {
    ConsumerPolicy policy =
        new ConsumerPolicy(caller -> Optional.empty(), ConsumerPolicyTest::nobody);
    assertThat(ask(policy, "GET", "/")).contains("no longer valid");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/public/a;b", "/public/./a", "/public//a", "/public/%ff"})
  void refusalWhenAmbiguousThenSaysSo(String path) {
    ConsumerPolicy policy =
        policy(ImpersonationLimits.DEFAULT, ConsumerPolicyTest::nobody, List.of("read-only"));
    assertThat(ask(policy, "GET", path)).contains("read two ways");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      textBlock =
          """
          -     | -          | false | -     | true
          alice | -          | false | -     | true
          ALICE | -          | false | -     | true
          bob   | -          | false | -     | false
          -     | developers | false | -     | true
          -     | testers    | false | -     | false
          bob   | developers | false | -     | true
          -     | -          | false | alice | false
          alice | -          | false | Alice | false
          -     | -          | true  | alice | true
          bob   | -          | true  | alice | false
          -     | -          | false | bob   | true
          """)
  void refusalWhenImpersonatedThenOnlyWhomItMayName(
      @Nullable String users,
      @Nullable String groups,
      boolean mayProtected,
      @Nullable String protectedUsers,
      boolean allowed) {
    ConsumerPolicy policy =
        policy(
            new ImpersonationLimits(set(users), set(groups), mayProtected),
            ImpersonationLimits.listed(set(protectedUsers), Set.of()),
            List.of("everything"));
    String refusal =
        policy.refusal(by(ALICE, Caller.Mode.IMPERSONATED), "ci", "GET", "/whatever;x");
    if (allowed) {
      assertThat(refusal).isNull();
    } else {
      assertThat(refusal).isEqualTo("This consumer may not act as the person it names.");
    }
    assertThat(policy.refusal(by(ALICE, Caller.Mode.THREE_LEGGED), "ci", "GET", "/")).isNull();
  }

  private static @Nullable String ask(ConsumerPolicy policy, String method, String path) {
    return policy.refusal(by(ALICE, Caller.Mode.THREE_LEGGED), "ci", method, path);
  }

  private static boolean nobody(Person person) {
    return false;
  }

  private static Caller by(Person person, Caller.Mode mode) {
    return new Caller(person, "jira", mode, null, "key-1");
  }

  private static Set<String> set(@Nullable String name) {
    return name == null ? Set.of() : Set.of(name);
  }

  @SafeVarargs
  private static ConsumerPolicy policy(
      ImpersonationLimits limits, Predicate<Person> isProtected, List<String>... granted) {
    List<Permissions> permissions = new ArrayList<>();
    for (List<String> texts : granted) {
      permissions.add(Permissions.parse(texts));
    }
    return new ConsumerPolicy(
        caller -> Optional.of(new Grants.Grant(permissions, limits)), isProtected);
  }
}
