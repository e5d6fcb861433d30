using Microsoft.AspNetCore.Http;

namespace SpeechStream.AspNetCore;

/// <summary>What <c>MapSpeechStream</c> allows, and how its sessions are set up. The options are copied and validated when the endpoint is mapped.</summary>
/// <example>
/// <code>
/// app.MapSpeechStream("/listen", new()
/// {
///     ConfigureSession = (http, session) =&gt;
///     {
///         session.VocabularyId = http.User.FindFirst("vocabulary")?.Value;
///         return default;
///     },
/// }).RequireAuthorization();
/// </code>
/// </example>
public sealed record SpeechStreamEndpointOptions
{
    /// <summary>Sets up a session from the request that asks for it. It gets the settings that the relay would use, and changes them.</summary>
    /// <remarks>
    /// The settings begin with <see cref="SpeechStreamClient.SessionDefaults"/>, with three changes: there are interim results; no silence filler is sent, so that a page whose
    /// network is gone costs nothing; and audio that a page sends late, after an outage, is sent at <see cref="TranscriptionOptions.CatchUpRate"/>.
    /// An <see cref="ArgumentException"/> or a <see cref="BadHttpRequestException"/> of this function refuses the request with status 400, and its message is told to the caller.
    /// </remarks>
    /// <value>Default null: the settings as they are.</value>
    public Func<HttpContext, TranscriptionOptions, ValueTask>? ConfigureSession { get; set; }

    /// <summary>Origins of other sites whose pages may use the endpoint, such as <c>https://captions.example</c>.</summary>
    /// <remarks>A page of the same host and port may always use it, and so may what isn't a browser and sends no <c>Origin</c>. All others are refused with status 403.</remarks>
    /// <value>Default empty: no other origin.</value>
    public IList<string> AllowedOrigins { get; set; } = [];

    /// <summary>How many sessions a user may have at once. A user is who has signed in; without a login, it is an IP address.</summary>
    /// <remarks>One more is refused with status 429. A session counts until it is over, and while it waits for a page that has lost its network.</remarks>
    /// <value>Default 10. Allowed: 1 and more.</value>
    public int MaxSessionsPerUser { get; set; } = 10;

    /// <summary>How long a session may last. Then its audio ends, the last results come, and an error with status 413 says so.</summary>
    /// <value>Default 4 h. Allowed: 1 s to 24 h.</value>
    public TimeSpan MaxDuration { get; set; } = TimeSpan.FromHours(4);

    /// <summary>How many bytes a second are taken from a page, on average over a second. What comes faster waits in the network.</summary>
    /// <value>Default 1 MiB; 16-bit samples at 16 kHz are 32,000 bytes a second. Allowed: 16 KiB to 1 GiB.</value>
    public int MaxBytesPerSecond { get; set; } = 1024 * 1024;

    /// <summary>How long a posted recording may be. A longer one is refused with status 413.</summary>
    /// <value>Default 1 GiB. Allowed: 1 byte and more.</value>
    public long MaxFileBytes { get; set; } = 1024 * 1024 * 1024;

    /// <summary>How long a session waits for a page that has lost its connection. After that, what the page has kept begins a new session.</summary>
    /// <remarks>No audio is sent meanwhile, and nothing is charged for. What was said can be read as long after the end of a session.</remarks>
    /// <value>Default 60 s. Allowed: 0 to 10 min.</value>
    public TimeSpan GraceTime { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How much of what was said is kept for viewers who join late. When it is more, the oldest sentences are discarded.</summary>
    /// <value>Default 1 MiB a session, some hours of speech. Allowed: 16 KiB to 64 MiB.</value>
    public int HistoryBytes { get; set; } = 1024 * 1024;

    internal SpeechStreamEndpointOptions CopyValidated()
    {
        Check(MaxSessionsPerUser >= 1, nameof(MaxSessionsPerUser), MaxSessionsPerUser, "1 and more");
        Check(MaxDuration >= TimeSpan.FromSeconds(1) && MaxDuration <= TimeSpan.FromHours(24), nameof(MaxDuration), MaxDuration, "1 s to 24 h");
        Check(MaxBytesPerSecond is >= 16 * 1024 and <= 1024 * 1024 * 1024, nameof(MaxBytesPerSecond), MaxBytesPerSecond, "16 KiB to 1 GiB");
        Check(MaxFileBytes >= 1, nameof(MaxFileBytes), MaxFileBytes, "1 and more");
        Check(GraceTime >= TimeSpan.Zero && GraceTime <= TimeSpan.FromMinutes(10), nameof(GraceTime), GraceTime, "0 to 10 min");
        Check(HistoryBytes is >= 16 * 1024 and <= 64 * 1024 * 1024, nameof(HistoryBytes), HistoryBytes, "16 KiB to 64 MiB");
        foreach (var origin in AllowedOrigins)
        {
            Check(
                Uri.TryCreate(origin, UriKind.Absolute, out var uri) && uri.GetLeftPart(UriPartial.Authority).Equals(origin, StringComparison.OrdinalIgnoreCase),
                nameof(AllowedOrigins), origin, "a scheme, a host, and a port if it isn't the usual one, such as https://captions.example");
        }

        return this with { AllowedOrigins = [.. AllowedOrigins] };
    }

    private static void Check(bool isAllowed, string name, object value, string allowed)
    {
        if (!isAllowed)
        {
            throw new ArgumentException(FormattableString.Invariant($"{name} is {value}. Allowed: {allowed}."), name);
        }
    }
}
