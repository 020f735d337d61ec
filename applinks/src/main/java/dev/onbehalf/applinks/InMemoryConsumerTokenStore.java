package dev.onbehalf.applinks;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Keeps tokens until the program ends. */
public final class InMemoryConsumerTokenStore implements ConsumerTokenStore {
  private final Map<Owner, AccessToken> access = new HashMap<>();
  private final Map<Owner, RequestToken> requests = new HashMap<>();

  private record Owner(ApplicationId link, String person) {}

  @Override
  public synchronized @Nullable AccessToken accessToken(ApplicationId link, String person) {
    return access.get(new Owner(link, person));
  }

  @Override
  public synchronized void putAccessToken(ApplicationId link, String person, AccessToken token) {
    access.put(new Owner(link, person), token);
  }

  @Override
  public synchronized boolean replaceAccessToken(
      ApplicationId link, String person, AccessToken expected, AccessToken replacement) {
    return access.replace(new Owner(link, person), expected, replacement);
  }

  @Override
  public synchronized boolean removeAccessToken(
      ApplicationId link, String person, AccessToken expected) {
    return access.remove(new Owner(link, person), expected);
  }

  @Override
  public synchronized @Nullable RequestToken requestToken(ApplicationId link, String person) {
    return requests.get(new Owner(link, person));
  }

  @Override
  public synchronized void putRequestToken(ApplicationId link, String person, RequestToken token) {
    requests.put(new Owner(link, person), token);
  }

  @Override
  public synchronized boolean removeRequestToken(
      ApplicationId link, String person, RequestToken expected) {
    return requests.remove(new Owner(link, person), expected);
  }

  @Override
  public synchronized void removeAll(ApplicationId link) {
    access.keySet().removeIf(owner -> owner.link().equals(link));
    requests.keySet().removeIf(owner -> owner.link().equals(link));
  }
}
