package dev.onbehalf.server.gateway;

import dev.onbehalf.server.access.Caller;
import dev.onbehalf.server.access.RequestAuthenticator;
import dev.onbehalf.server.access.SignedRequest;
import dev.onbehalf.server.access.Verdict;
import dev.onbehalf.server.people.Person;
import dev.onbehalf.server.web.WebResponse;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Plays the provider: {@code Authorization: OAuth as="alice"} is alice's, of consumer "jira". */
final class SignedAs implements RequestAuthenticator {
  private static final Pattern NAME =
      Pattern.compile("^OAuth as=\"(?<name>[^\"]*)\".*", Pattern.DOTALL);

  final List<SignedRequest> seen = new CopyOnWriteArrayList<>();

  /** Whose grants were withdrawn. */
  final Set<String> withdrawn = ConcurrentHashMap.newKeySet();

  /** Whether everything it takes is in memory. */
  volatile boolean atOnce = true;

  /** The names of the threads that asked. */
  final List<String> threads = new CopyOnWriteArrayList<>();

  /** Whether it cannot be told now. */
  volatile boolean unavailable;

  static String header(String name) {
    return "Authorization: OAuth as=\"" + name + "\"";
  }

  @Override
  public boolean mayBeSigned(
      List<String> authorization, @Nullable String rawQuery, boolean formBody) {
    return authorization.stream().anyMatch(value -> NAME.matcher(value).matches());
  }

  @Override
  public boolean stands(Caller caller, String application) {
    if (unavailable) {
      throw new IllegalStateException("The database does not answer.");
    }
    return !withdrawn.contains(caller.person().name());
  }

  @Override
  public @Nullable Verdict authenticateAtOnce(SignedRequest request, Predicate<String> admits) {
    return atOnce ? authenticate(request, admits) : null;
  }

  @Override
  public Verdict authenticate(SignedRequest request, Predicate<String> admits) {
    seen.add(request);
    threads.add(Thread.currentThread().getName());
    if (unavailable) {
      throw new IllegalStateException("The database does not answer.");
    }
    for (String value : request.authorization()) {
      Matcher matcher = NAME.matcher(value);
      if (matcher.matches()) {
        String name = matcher.group("name");
        if (!name.equals("forger") && !admits.test("jira")) {
          return new Verdict.NotAdmitted("jira");
        }
        return name.equals("forger") || name.equals("replayed")
            ? new Verdict.Refused(
                WebResponse.of(401, "text/plain", "refused"),
                "jira",
                null,
                "signature_invalid",
                "The signature is wrong.")
            : new Verdict.Accepted(
                new Caller(person(name), "jira", Caller.Mode.THREE_LEGGED, "token", "key-1"));
      }
    }
    return new Verdict.Unsigned();
  }

  private static Person person(String name) {
    return TestGateway.person(name.replace("\\n", "\n").replace("\\0", "\0"), "staff", "ci|admins");
  }
}
