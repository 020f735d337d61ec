package dev.onbehalf.delivery;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.time.Instant;
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
      return Words.all(values(), Status::name);
    }
  }

  /** Collects the fields of a {@link PullRequest}. */
  public static final class Builder extends ChangeBuilder<Builder> {
    private Builder() {
      json.put("commentCount", 0);
    }

    @Override
    Builder self() {
      return this;
    }

    /** Required, at most 255 characters; displayed as given. */
    @CanIgnoreReturnValue
    public Builder id(String id) {
      return put("id", id).put("displayId", id);
    }

    /** Required. */
    @CanIgnoreReturnValue
    public Builder status(Status status) {
      return put("status", status.name());
    }

    /** Required, at most 1024 characters. */
    @CanIgnoreReturnValue
    public Builder title(String title) {
      return put("title", title);
    }

    /** Required. */
    @CanIgnoreReturnValue
    public Builder author(String name) {
      return authorNamed(name);
    }

    /** Not negative; 0 by default. */
    @CanIgnoreReturnValue
    public Builder commentCount(long comments) {
      return put("commentCount", comments);
    }

    /** Required, at most 255 characters. */
    @CanIgnoreReturnValue
    public Builder sourceBranch(String name) {
      return put("sourceBranch", name);
    }

    /** At most 255 characters. */
    @CanIgnoreReturnValue
    public Builder destinationBranch(String name) {
      return put("destinationBranch", name);
    }

    /** Required. */
    @CanIgnoreReturnValue
    public Builder lastUpdate(Instant time) {
      return put("lastUpdate", Report.wire(time));
    }

    /** Throws {@link InvalidReportException} where a field is missing or breaks its limit. */
    public PullRequest build() {
      return new PullRequest(json);
    }
  }
}
