package dev.onbehalf.server.diagnosis;

import dev.onbehalf.oauth1.OAuthMessage;
import dev.onbehalf.oauth1.OAuthParameters;
import dev.onbehalf.oauth1.OAuthProblem;
import dev.onbehalf.oauth1.OAuthProblemException;
import dev.onbehalf.oauth1.PercentEncoding;
import dev.onbehalf.server.access.RefusalListener;
import dev.onbehalf.server.access.RefusedRequest;
import dev.onbehalf.server.access.SignatureKeys;
import dev.onbehalf.server.config.ApplicationConfig;
import dev.onbehalf.server.config.Unprintable;
import dev.onbehalf.server.diagnosis.Explanation.Finding;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Explains refused signatures on one thread of its own. Strangers can make it work, so what waits
 * is bounded, and it rests as long as it worked; what does not fit in is explained by its problem
 * code alone. The newest explanations of this node are kept in memory.
 */
public final class Diagnosis implements RefusalListener, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Diagnosis.class);
  private static final int WAITING = 32;
  private static final int KEPT = 1000;
  private static final int BASE_STRING_CHARACTERS = 8 * 1024;
  private static final int FORM_BYTES = 64 * 1024;
  private static final Pattern SECRET_NAME =
      Pattern.compile("(?i).*(pass|secret|token|key|auth|cred|cookie|session).*");
  private static final List<String> MASKED =
      List.of(OAuthParameters.TOKEN, OAuthParameters.VERIFIER, OAuthParameters.SESSION_HANDLE);

  private final SignatureAnalysis analysis;
  private final InstantSource clock;
  private final Map<String, Explanation> explanations = new LinkedHashMap<>();
  private final ThreadPoolExecutor thread =
      new ThreadPoolExecutor(
          1,
          1,
          30,
          TimeUnit.SECONDS,
          new ArrayBlockingQueue<>(WAITING),
          task -> {
            Thread created = new Thread(task, "diagnosis");
            created.setDaemon(true);
            return created;
          });

  /** Prepares the diagnosis of requests to {@code applications}. */
  public Diagnosis(List<ApplicationConfig> applications, SignatureKeys keys, InstantSource clock) {
    this.analysis = new SignatureAnalysis(new UrlVariants(applications), keys);
    this.clock = clock;
    thread.allowCoreThreadTimeOut(true);
  }

  @Override
  public void refused(RefusedRequest refused) {
    Instant at = clock.instant();
    byte[] form = refused.request().form();
    if (form != null && form.length > FORM_BYTES) {
      keep(
          explanation(
              refused,
              at,
              new Finding(
                  hint(refused) + " (The form is too large to look closer.)",
                  "Let the peer try with a smaller form."),
              null));
      return;
    }
    try {
      thread.execute(() -> analyse(refused, at));
    } catch (RejectedExecutionException e) {
      keep(
          explanation(
              refused,
              at,
              new Finding(
                  hint(refused) + " (Too many refusals at once to look closer.)",
                  "Let the peer try once more when it is quiet."),
              null));
    }
  }

  /** Returns the newest explanations, the newest first. */
  public List<Explanation> newest(int limit) {
    synchronized (explanations) {
      List<Explanation> all = new ArrayList<>(explanations.values());
      List<Explanation> newest = new ArrayList<>();
      for (int i = all.size() - 1; i >= 0 && newest.size() < limit; i--) {
        newest.add(all.get(i));
      }
      return newest;
    }
  }

  /** Finds the explanation of a request. */
  public Optional<Explanation> of(String requestId) {
    synchronized (explanations) {
      return Optional.ofNullable(explanations.get(requestId));
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }

  private void analyse(RefusedRequest refused, Instant at) {
    long started = System.nanoTime();
    Explanation explanation;
    try {
      explanation = explanation(refused, at, finding(refused, at), baseString(refused));
    } catch (RuntimeException e) {
      LOG.warn("Request {} could not be diagnosed.", refused.request().id(), e);
      explanation = explanation(refused, at, new Finding(hint(refused), "See the log."), null);
    }
    keep(explanation);
    LOG.info(
        "Request {} was refused ({}): {} {}",
        explanation.requestId(),
        explanation.problem(),
        explanation.finding(),
        explanation.remedy());
    rest(System.nanoTime() - started);
  }

  private Finding finding(RefusedRequest refused, Instant at) {
    OAuthMessage message = message(refused);
    OAuthProblem problem = OAuthProblem.withCode(refused.problem());
    if (message == null || problem == null) {
      return general(refused);
    }
    return switch (problem) {
      case SIGNATURE_INVALID -> analysis.explain(refused, message);
      case TIMESTAMP_REFUSED -> clocks(message, at);
      case PARAMETER_ABSENT ->
          new Finding(
              refused.detail() == null ? problem.hint() : refused.detail(),
              "Let the client send it; RFC 5849 3.1 lists what every request needs.");
      case CONSUMER_KEY_UNKNOWN ->
          new Finding(
              "The consumer key '" + refused.consumerKey() + "' is not registered here.",
              "Register it with 'onbehalf consumer add', or correct the consumer key in the peer's"
                  + " link.");
      case SIGNATURE_METHOD_REJECTED ->
          new Finding(
              "The request is signed by "
                  + message.signatureMethod()
                  + ", its consumer record names another method.",
              "Change the record with 'onbehalf consumer edit --method', or the peer's link.");
      default -> general(refused);
    };
  }

  private static Finding clocks(OAuthMessage message, Instant at) {
    long difference;
    try {
      difference = message.timestampSeconds() - at.getEpochSecond();
    } catch (OAuthProblemException e) {
      return new Finding("The timestamp is no whole number of seconds.", "Update the client.");
    }
    return new Finding(
        "The peer's clock is "
            + Duration.ofSeconds(Math.abs(difference)).toSeconds()
            + " s "
            + (difference > 0 ? "ahead of" : "behind")
            + " ours.",
        "Set both clocks by NTP; a request that waits in a queue ages too.");
  }

  private static Finding general(RefusedRequest refused) {
    OAuthProblem problem = OAuthProblem.withCode(refused.problem());
    return new Finding(
        refused.detail() == null ? hint(refused) : refused.detail(),
        problem == null ? "See the audit trail for this request." : problem.hint());
  }

  private static String hint(RefusedRequest refused) {
    OAuthProblem problem = OAuthProblem.withCode(refused.problem());
    return problem == null ? "The request was refused." : problem.hint();
  }

  private static Explanation explanation(
      RefusedRequest refused, Instant at, Finding finding, @Nullable String baseString) {
    OAuthProblem problem = OAuthProblem.withCode(refused.problem());
    return new Explanation(
        refused.request().id(),
        at,
        refused.request().application(),
        refused.consumerKey() == null ? null : printable(refused.consumerKey()),
        refused.problem(),
        problem == null ? null : problem.rfcSection(),
        printable(finding.finding()),
        printable(finding.remedy()),
        baseString);
  }

  private static String printable(String text) {
    return Unprintable.replace(text, "?");
  }

  private static @Nullable String baseString(RefusedRequest refused) {
    if (OAuthProblem.withCode(refused.problem()) != OAuthProblem.SIGNATURE_INVALID) {
      return null;
    }
    OAuthMessage message = message(refused);
    if (message == null || refused.request().urls().isEmpty()) {
      return null;
    }
    String text = message.baseString(refused.request().method(), refused.request().urls().get(0));
    for (OAuthMessage.Parameter parameter : message.parameters()) {
      boolean ours = parameter.name().startsWith("oauth_");
      if (!parameter.value().isEmpty()
          && (ours
              ? MASKED.contains(parameter.name())
              : SECRET_NAME.matcher(parameter.name()).matches())) {
        String lead = twice(parameter.name()) + "%3D";
        text = text.replace(lead + twice(parameter.value()), lead + "...");
      }
    }
    return text.length() > BASE_STRING_CHARACTERS
        ? text.substring(0, BASE_STRING_CHARACTERS) + "..."
        : text;
  }

  private static String twice(String text) {
    return PercentEncoding.encode(PercentEncoding.encode(text));
  }

  private static @Nullable OAuthMessage message(RefusedRequest refused) {
    try {
      return OAuthMessage.parse(
          refused.request().authorization(),
          refused.request().rawQuery(),
          refused.request().form());
    } catch (OAuthProblemException e) {
      return null;
    }
  }

  private void keep(Explanation explanation) {
    synchronized (explanations) {
      explanations.put(explanation.requestId(), explanation);
      if (explanations.size() > KEPT) {
        explanations.remove(explanations.keySet().iterator().next());
      }
    }
  }

  /** Never more than half of one processor. */
  private static void rest(long workedNanos) {
    try {
      TimeUnit.NANOSECONDS.sleep(workedNanos);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
