package dev.onbehalf.server.build;

import com.nimbusds.jwt.JWTClaimsSet;
import dev.onbehalf.server.build.BuildSettings.Issuer;
import dev.onbehalf.server.build.Facts.Trigger;
import dev.onbehalf.server.config.PublicUrl;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads what each kind of CI writes into its tokens. */
final class Claims {
  private static final Pattern JOB_PATH =
      Pattern.compile("(/job/(?:[A-Za-z0-9._~!$&'()*+,=:@-]|%[0-9A-Fa-f]{2})+)+/?");

  /** Pipelines of GitLab that the person named in the token has started themselves. */
  private static final Set<String> BY_PEOPLE =
      Set.of("push", "web", "merge_request_event", "api", "chat");

  private static final Pattern NUMBER = Pattern.compile("[1-9][0-9]{0,17}");

  private Claims() {}

  /**
   * Reads the claims of a token.
   *
   * @param jenkins the URL of the Jenkins that issued it; null for another kind
   * @throws RefusedBuildException if a claim is missing or of another form
   */
  static Facts read(TokenVerifier.Verified token, @Nullable PublicUrl jenkins)
      throws RefusedBuildException {
    return switch (token.issuer().kind()) {
      case JENKINS -> jenkins(token.issuer(), token.claims(), jenkins);
      case GITLAB -> gitlab(token.issuer(), token.claims());
      case GITHUB -> github(token.issuer(), token.claims());
    };
  }

  private static Facts jenkins(Issuer issuer, JWTClaimsSet claims, @Nullable PublicUrl url)
      throws RefusedBuildException {
    String job = require(claims, issuer.jobClaim());
    String number = require(claims, issuer.numberClaim());
    String start = url == null ? "" : url.toString();
    String path = job.startsWith(start) ? job.substring(start.length()) : "";
    if (!JOB_PATH.matcher(path).matches() || !NUMBER.matcher(number).matches()) {
      throw malformed(issuer.jobClaim() + " or " + issuer.numberClaim());
    }
    String jobPath = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    List<String> names = new ArrayList<>();
    for (String segment : jobPath.substring("/job/".length()).split("/job/", -1)) {
      String name = decode(segment);
      if (name.equals(".") || name.equals("..") || name.contains("/")) {
        throw malformed(issuer.jobClaim());
      }
      names.add(name);
    }
    // A branch of a multibranch job is a job, its name encoded once more.
    String branch = decode(names.get(names.size() - 1));
    return facts(issuer, String.join("/", names), jobPath, branch, number, null, null, claims);
  }

  private static Facts gitlab(Issuer issuer, JWTClaimsSet claims) throws RefusedBuildException {
    String source = text(claims, "pipeline_source");
    return facts(
        issuer,
        require(claims, "project_path"),
        "",
        branch(claims, "branch".equals(text(claims, "ref_type"))),
        require(claims, "job_id"),
        require(claims, "user_login"),
        "schedule".equals(source)
            ? Trigger.TIMER
            : source != null && BY_PEOPLE.contains(source) ? null : Trigger.OTHER,
        claims);
  }

  private static Facts github(Issuer issuer, JWTClaimsSet claims) throws RefusedBuildException {
    String event = require(claims, "event_name");
    return facts(
        issuer,
        require(claims, "repository"),
        "",
        branch(claims, "branch".equals(text(claims, "ref_type"))),
        require(claims, "run_id"),
        require(claims, "actor"),
        "schedule".equals(event)
            ? Trigger.TIMER
            : "1".equals(text(claims, "run_attempt")) ? null : Trigger.OTHER,
        claims);
  }

  private static @Nullable String branch(JWTClaimsSet claims, boolean isBranch) {
    String ref = text(claims, "ref");
    return !isBranch || ref == null
        ? null
        : ref.startsWith("refs/heads/") ? ref.substring("refs/heads/".length()) : ref;
  }

  private static Facts facts(
      Issuer issuer,
      String job,
      String jobPath,
      @Nullable String branch,
      String number,
      @Nullable String actor,
      @Nullable Trigger trigger,
      JWTClaimsSet claims) {
    return new Facts(
        issuer.name(),
        job,
        jobPath,
        branch,
        number,
        actor,
        trigger,
        claims.getIssueTime().toInstant().getEpochSecond(),
        claims.getExpirationTime().toInstant().getEpochSecond());
  }

  private static @Nullable String text(JWTClaimsSet claims, String name) {
    Object value = claims.getClaim(name);
    return value == null ? null : value.toString();
  }

  private static String require(JWTClaimsSet claims, String name) throws RefusedBuildException {
    String value = text(claims, name);
    if (value == null || value.isBlank() || value.length() > 1000) {
      throw malformed(name);
    }
    return value;
  }

  private static String decode(String segment) throws RefusedBuildException {
    try {
      return URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw malformed("the job");
    }
  }

  private static RefusedBuildException malformed(String claim) {
    return new RefusedBuildException(
        "build-token-claim",
        "The build's token does not name a build of this CI server.",
        "The claim " + claim + " is missing or of another form.");
  }
}
