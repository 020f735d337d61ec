package dev.onbehalf.server.people;

import dev.onbehalf.oauth1.Secret;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** People who come and go while a test runs; everybody's password is their name, reversed. */
public final class TestPeople implements Directory {
  private final Map<String, Person> people = new ConcurrentHashMap<>();
  private volatile boolean available = true;

  public TestPeople() {
    put("alice", true);
    put("bob", true);
  }

  public static String password(String name) {
    return new StringBuilder(name).reverse().toString();
  }

  /** Adds or replaces a person, whose identity is their name. */
  public Person put(String name, boolean active) {
    Person person =
        new Person(
            name,
            "id-" + name,
            name.toUpperCase(java.util.Locale.ROOT),
            null,
            Set.of("devs"),
            active);
    put(person);
    return person;
  }

  /** Adds or replaces a person. */
  public void put(Person person) {
    people.put(person.name(), person);
  }

  /** Gives the name to somebody else. */
  public void replace(String name) {
    people.put(name, new Person(name, "id-other", name, null, Set.of(), true));
  }

  public void remove(String name) {
    people.remove(name);
  }

  public void setAvailable(boolean now) {
    available = now;
  }

  @Override
  public Optional<Person> find(String name) {
    if (!available) {
      throw new DirectoryException("ldap.internal does not answer.", new IllegalStateException());
    }
    return Optional.ofNullable(people.get(name));
  }

  @Override
  public Optional<Person> authenticate(String name, Secret password) {
    return find(name)
        .filter(Person::active)
        .filter(person -> password.equals(Secret.of(password(person.name()))));
  }
}
