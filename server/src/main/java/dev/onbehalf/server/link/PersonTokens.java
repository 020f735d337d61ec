package dev.onbehalf.server.link;

import dev.onbehalf.applinks.AccessToken;
import dev.onbehalf.applinks.ApplicationId;
import dev.onbehalf.applinks.ConsumerTokenStore;
import dev.onbehalf.applinks.RequestToken;
import dev.onbehalf.server.people.Directory;
import dev.onbehalf.server.people.Person;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Keeps tokens by the identity behind a user name, so that whoever gets the name of somebody who
 * left finds none; inactive and unknown people have none either.
 */
final class PersonTokens implements ConsumerTokenStore {
  private final ConsumerTokenStore tokens;
  private final Directory directory;

  PersonTokens(ConsumerTokenStore tokens, Directory directory) {
    this.tokens = tokens;
    this.directory = directory;
  }

  @Override
  public @Nullable AccessToken accessToken(ApplicationId link, String person) {
    return identity(person).map(identity -> tokens.accessToken(link, identity)).orElse(null);
  }

  @Override
  public void putAccessToken(ApplicationId link, String person, AccessToken token) {
    tokens.putAccessToken(link, known(person), token);
  }

  @Override
  public boolean replaceAccessToken(
      ApplicationId link, String person, AccessToken expected, AccessToken replacement) {
    return tokens.replaceAccessToken(link, known(person), expected, replacement);
  }

  @Override
  public boolean removeAccessToken(ApplicationId link, String person, AccessToken expected) {
    return tokens.removeAccessToken(link, known(person), expected);
  }

  @Override
  public @Nullable RequestToken requestToken(ApplicationId link, String person) {
    return identity(person).map(identity -> tokens.requestToken(link, identity)).orElse(null);
  }

  @Override
  public void putRequestToken(ApplicationId link, String person, RequestToken token) {
    tokens.putRequestToken(link, known(person), token);
  }

  @Override
  public boolean removeRequestToken(ApplicationId link, String person, RequestToken expected) {
    return tokens.removeRequestToken(link, known(person), expected);
  }

  @Override
  public void removeAll(ApplicationId link) {
    tokens.removeAll(link);
  }

  private Optional<String> identity(String person) {
    return directory.find(person).filter(Person::active).map(Person::identity);
  }

  private String known(String person) {
    return identity(person)
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "There is no active person '" + person + "' whose token could be kept."));
  }
}
