package dev.onbehalf.server.jira;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onbehalf.delivery.DataCenterJira;
import dev.onbehalf.delivery.DataCenterJira.Mode;
import dev.onbehalf.server.receive.Issues.Found;
import dev.onbehalf.server.store.SteppingClock;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which issues a linked Jira has. */
class LinkedIssuesTest {
  private final DataCenterJira jira = DataCenterJira.start();
  private final SteppingClock clock = new SteppingClock();
  private final LinkedIssues issues = new LinkedIssues(Peers.of(jira, clock), clock);

  @AfterEach
  void stop() {
    jira.close();
  }

  private static Set<String> keys(int from, int to) {
    return IntStream.range(from, to)
        .mapToObj(i -> "ABC-" + i)
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  @Test
  void findWhenManyThenAskedByTheHundredAndRemembered() {
    keys(1, 251).forEach(jira::create);
    Set<String> asked = keys(1, 401);

    Found found = issues.find(asked);

    assertThat(found.existing().keySet()).isEqualTo(keys(1, 251));
    assertThat(found.undetermined()).isEmpty();
    assertThat(jira.count("POST", "/search")).isEqualTo(4);
    assertThat(jira.calls()).hasSize(4);
    assertThat(issues.find(asked)).isEqualTo(found);
    assertThat(jira.calls()).hasSize(4);
  }

  @Test
  void findWhenKeyAndIdThenTheKey() {
    String id = jira.create("ABC-1");

    assertThat(issues.find(Set.of("ABC-1", id, "99", "ABC-2", "no key", "\") or (1")).existing())
        .isEqualTo(Map.of("ABC-1", "ABC-1", id, "ABC-1"));
  }

  @Test
  void findWhenIssueAppearsThenKnownAfterAShortWhileAndKeptLong() {
    assertThat(issues.find(Set.of("ABC-1")).existing()).isEmpty();
    jira.create("ABC-1");
    assertThat(issues.find(Set.of("ABC-1")).existing()).isEmpty();
    clock.move(Duration.ofSeconds(30));
    assertThat(issues.find(Set.of("ABC-1")).existing()).hasSize(1);

    jira.delete("ABC-1");
    clock.move(Duration.ofMinutes(59));
    assertThat(issues.find(Set.of("ABC-1")).existing()).hasSize(1);
    clock.move(Duration.ofMinutes(1));
    assertThat(issues.find(Set.of("ABC-1")).existing()).isEmpty();
  }

  @Test
  void findWhenIdThenRememberedAsLongWhetherOrNotItIsOne() {
    String id = jira.create("ABC-1");
    issues.find(Set.of(id, "99"));
    int asked = jira.calls().size();

    clock.move(Duration.ofSeconds(299));
    issues.find(Set.of(id));
    issues.find(Set.of("99"));
    assertThat(jira.calls()).hasSize(asked);
    clock.move(Duration.ofSeconds(1));
    issues.find(Set.of(id));
    assertThat(jira.calls()).hasSizeGreaterThan(asked);
  }

  @Test
  void findWhenIssueMovedThenFoundByItsOldKey() {
    jira.create("ABC-1");
    jira.move("ABC-1", "DEF-7");

    assertThat(issues.find(Set.of("ABC-1")).existing()).isEqualTo(Map.of("ABC-1", "DEF-7"));
  }

  @Test
  void findWhenItDoesNotAnswerThenWhatItSaidLastCountsAndNothingElseIsSaid() {
    jira.create("ABC-1");
    issues.find(Set.of("ABC-1", "ABC-2"));
    clock.move(Duration.ofHours(2));
    jira.mode(Mode.DOWN);

    Found found = issues.find(Set.of("ABC-1", "ABC-2", "ABC-3", "77"));

    assertThat(found.existing()).isEqualTo(Map.of("ABC-1", "ABC-1"));
    assertThat(found.undetermined()).containsExactlyInAnyOrder("ABC-2", "ABC-3", "77");
    jira.mode(Mode.ANSWERS);
    int asked = jira.calls().size();
    assertThat(issues.find(Set.of("ABC-3")).undetermined()).containsExactly("ABC-3");
    assertThat(jira.calls()).as("it is left alone for a while").hasSize(asked);
    clock.move(Duration.ofSeconds(10));
    assertThat(issues.find(Set.of("ABC-3"))).isEqualTo(new Found(Map.of(), Set.of()));
  }

  @Test
  void findWhenItAsksForPatienceThenLeftAloneAsLong() {
    jira.create("ABC-1");
    jira.refuse(1, "60");

    assertThat(issues.find(Set.of("ABC-1")).undetermined()).containsExactly("ABC-1");
    clock.move(Duration.ofSeconds(59));
    assertThat(issues.find(Set.of("ABC-1")).undetermined()).containsExactly("ABC-1");
    clock.move(Duration.ofSeconds(1));
    assertThat(issues.find(Set.of("ABC-1")).existing()).hasSize(1);
    assertThat(jira.calls()).hasSize(2);
  }

  @Test
  void findWhenItInsistsOnValidQueriesThenAskedOneByOne() {
    jira.alwaysValidate(true);
    keys(1, 11).forEach(jira::create);

    assertThat(issues.find(keys(1, 21)).existing().keySet()).isEqualTo(keys(1, 11));
    assertThat(jira.calls()).hasSize(21);
  }

  @Test
  void findWhenAskedTooOftenThenNothingIsSaidForAWhile() {
    for (int i = 1; i <= 20; i++) {
      assertThat(issues.find(Set.of("ABC-" + i)).undetermined()).isEmpty();
    }

    assertThat(issues.find(Set.of("ABC-21")).undetermined()).containsExactly("ABC-21");
    assertThat(jira.calls()).hasSize(40);
    clock.move(Duration.ofSeconds(1));
    assertThat(issues.find(Set.of("ABC-21")).undetermined()).isEmpty();
  }

  @Test
  void findWhenTheLinkIsFaultyThenNothingIsSaid() {
    LinkedIssues without = new LinkedIssues(new Peer("jira", Optional::empty, clock), clock);
    LinkedIssues wrong =
        new LinkedIssues(
            new Peer("jira", () -> Optional.of(Peers.link(jira.url(), "another")), clock), clock);

    assertThat(without.find(Set.of("ABC-1")).undetermined()).containsExactly("ABC-1");
    assertThat(wrong.find(Set.of("ABC-1")).undetermined()).containsExactly("ABC-1");
    assertThat(jira.calls()).isEmpty();
  }
}
