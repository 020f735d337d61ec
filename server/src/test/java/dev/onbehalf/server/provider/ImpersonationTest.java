package dev.onbehalf.server.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onbehalf.server.access.ImpersonationLimits;
import dev.onbehalf.server.config.ProviderConfig;
import dev.onbehalf.server.people.Person;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whom a consumer may impersonate, once it may at all. */
final class ImpersonationTest {
  private static TestProvider provider;

  @BeforeAll
  static void start() {
    provider =
        TestProvider.start(
            new ProviderConfig(
                Duration.ofMinutes(5),
                Duration.ofMinutes(10),
                Duration.ofDays(365),
                Duration.ofDays(395),
                Duration.ofDays(100),
                List.of("root"),
                List.of("admins"),
                ProviderConfig.Rsa.NATIVE));
    person("alice", "devs");
    person("bob", "ops");
    person("carol", "devs", "Admins");
    person("root", "devs");
  }

  @AfterAll
  static void stop() {
    provider.close();
  }

  private static void person(String name, String... groups) {
    provider.people.put(new Person(name, "id-" + name, name, null, Set.of(groups), true));
  }

  private static HttpResponse<String> as(Peer peer, String person) {
    return peer.whoAmITwoLegged("?xoauth_requestor_id=" + person);
  }

  @ParameterizedTest
  @CsvSource({
    "'', '', false, alice bob, carol root nobody",
    "alice, '', false, alice, bob carol root",
    "'', devs, false, alice, bob carol root",
    "bob, devs, false, alice bob, carol root",
    "root carol, '', false, '', alice bob carol root",
    "'', devs, true, alice carol root, bob",
    "'', '', true, alice bob carol root, nobody",
    "ALICE, DEVS, false, alice, bob"
  })
  void impersonateWhenLimitedThenOnlyThose(
      String users, String groups, boolean protectedPeople, String allowed, String refused) {
    Peer peer =
        provider.rsa(
            consumer ->
                consumer
                    .impersonation(true)
                    .impersonationLimits(
                        new ImpersonationLimits(names(users), names(groups), protectedPeople)));

    for (String person : names(allowed)) {
      assertThat(as(peer, person).body()).isEqualTo(person);
    }
    for (String person : names(refused)) {
      Answered.problem(as(peer, person), 401, "permission_denied");
    }
  }

  @Test
  void impersonateWhenRefusedThenTheAnswerIsTheSameAsForNobody() {
    Peer peer = provider.rsa(consumer -> consumer.impersonation(true));

    HttpResponse<String> root = as(peer, "root");
    HttpResponse<String> nobody = as(peer, "nobody");

    assertThat(root.body()).isEqualTo(nobody.body());
    assertThat(root.headers().firstValue("WWW-Authenticate"))
        .isEqualTo(nobody.headers().firstValue("WWW-Authenticate"));
    assertThat(provider.events)
        .filteredOn(event -> peer.key().equals(event.consumer()))
        .filteredOn(event -> "root".equals(event.person()))
        .singleElement()
        .satisfies(event -> assertThat(event.detail()).contains("may not impersonate"));
  }

  @Test
  void twoLeggedWhenTheConfiguredUserIsProtectedThenTheRecordDecides() {
    Peer peer = provider.rsa(consumer -> consumer.twoLegged("root"));

    assertThat(peer.whoAmITwoLegged("").body()).isEqualTo("root");
  }

  @Test
  void limitsWhenThePersonGrantedATokenThenTheyDoNotMatter() {
    Peer peer =
        provider.rsa(
            consumer ->
                consumer
                    .impersonation(true)
                    .impersonationLimits(new ImpersonationLimits(Set.of("bob"), Set.of(), false)));

    assertThat(peer.whoAmI(peer.granted("root")).body()).isEqualTo("root");
  }

  private static Set<String> names(String text) {
    return text.isEmpty() ? Set.of() : Set.of(text.split(" ", -1));
  }
}
