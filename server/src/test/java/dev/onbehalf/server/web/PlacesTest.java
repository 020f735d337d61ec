package dev.onbehalf.server.web;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PlacesTest {
  private final Places places = new Places(3, 2);

  @Test
  void enterWhenOneNameHasItsShareThenOthersStillEnter() {
    Places.Place first = places.enter("alice", "slow").orElseThrow();
    assertThat(places.enter("bob", "slow")).isPresent();

    assertThat(places.enter("carol", "slow")).isEmpty();
    assertThat(places.enter("carol", "fast")).isPresent();
    assertThat(places.enter("dave", "other")).isEmpty();

    first.close();
    first.close();
    assertThat(places.enter("dave", "slow")).isPresent();
    assertThat(places.enter("erin", "other")).isEmpty();
  }

  @Test
  void enterWhenRefusedThenNothingIsTaken() {
    assertThat(places.enter("a", "x")).isPresent();
    assertThat(places.enter("b", "x")).isPresent();
    for (int i = 0; i < 5; i++) {
      assertThat(places.enter("c", "x")).isEmpty();
    }
    assertThat(places.enter("c", "y")).isPresent();
  }
}
