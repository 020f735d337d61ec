package dev.onbehalf.delivery;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A pull request of a {@link Repository}. */
public final class PullRequest {
  private final ObjectNode json;

  private PullRequest(ObjectNode draft) {
    this.json =
        Report.checked(
            "pull request", Shapes.PULL_REQUEST, DataType.DEVELOPMENT_INFORMATION, draft);
  }

  public static Builder builder() {
    return new Builder();
  }

  ObjectNode toJson() {
    return json.deepCopy();
  }

  @Override
  public String toString() {
    return "pull request " + json.path("id").asString();
  }

  /** What became of a pull request. */
  public enum Status {
    OPEN,
    MERGED,
    DECLINED,
    UNKNOWN;

    static String[] words() {
      return Arrays.stream(values()).map(Status::name).toArray(String[]::new);
    }
  }

  /** Collects the fields of a {@link PullRequest}. */
  public static final class Builder {
    private final ObjectNode json = Report.object().put("commentCount", 0);

    private Builder() {}

    /** Required, at most 255 characters; displayed as given. */
    @CanIgnoreReturnValue
    public Builder id(String id) {
      json.put("id", id).put("displayId", id);
      return this;
    }

    /** Required, 1 to 500 keys. */
    @CanIgnoreReturnValue
    public Builder issueKeys(Collection<String> keys) {
      ArrayNode values = json.putArray("issueKeys");
      keys.forEach(values::add);
      return this;
    }

    /** Required. */
    @CanIgnoreReturnValue
    public Builder status(Status status) {
      json.put("status", status.name());
      return this;
    }

    /** Required, at most 1024 characters. */
    @CanIgnoreReturnValue
    public Builder title(String title) {
      json.put("title", title);
      return this;
    }

    /** Required. */
    @CanIgnoreReturnValue
    public Builder author(String name) {
      json.putObject("author").put("name", name);
      return this;
    }

    /** Not negative; 0 by default. */
    @CanIgnoreReturnValue
    public Builder commentCount(long comments) {
      json.put("commentCount", comments);
      return this;
    }

    /** Required, at most 255 characters. */
    @CanIgnoreReturnValue
    public Builder sourceBranch(String name) {
      json.put("sourceBranch", name);
      return this;
    }

    /** At most 255 characters. */
    @CanIgnoreReturnValue
    public Builder destinationBranch(String name) {
      json.put("destinationBranch", name);
      return this;
    }

    /** Required. */
    @CanIgnoreReturnValue
    public Builder lastUpdate(Instant time) {
      json.put("lastUpdate", Report.wire(time));
      return this;
    }

    /** Required, an absolute http(s) URL of at most 2000 characters. */
    @CanIgnoreReturnValue
    public Builder url(String url) {
      json.put("url", url);
      return this;
    }

    /** Throws {@link InvalidReportException} where a field is missing or breaks its limit. */
    public PullRequest build() {
      return new PullRequest(json);
    }
  }
}
