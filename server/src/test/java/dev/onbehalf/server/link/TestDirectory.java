package dev.onbehalf.server.link;

import dev.onbehalf.oauth1.Secret;
import dev.onbehalf.server.people.Directory;
import dev.onbehalf.server.people.Person;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** People by name, with identities of their own. */
public final class TestDirectory implements Directory {
  private final Map<String, Person> people = new HashMap<>();

  public TestDirectory put(String name, String identity) {
    people.put(name, new Person(name, identity, name, null, Set.of(), true));
    return this;
  }

  @Override
  public Optional<Person> find(String name) {
    return Optional.ofNullable(people.get(name));
  }

  @Override
  public Optional<Person> authenticate(String name, Secret password) {
    return Optional.empty();
  }
}
