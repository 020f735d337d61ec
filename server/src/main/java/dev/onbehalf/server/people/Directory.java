package dev.onbehalf.server.people;

import dev.onbehalf.oauth1.Secret;
import java.util.Optional;

/** Where people are looked up: a file first, LDAP and others through the same port. */
public interface Directory {

  /**
   * Finds a person by user name, active or not; names that differ only in case are different.
   *
   * @throws DirectoryException if the directory cannot answer now
   */
  Optional<Person> find(String name);

  /**
   * Checks a password; takes as long for an unknown name as for a wrong password.
   *
   * @return the person, or empty if name or password is wrong or the person is not active
   * @throws DirectoryException if the directory cannot answer now
   */
  Optional<Person> authenticate(String name, Secret password);
}
