namespace SpeechStream.Fleet;

/// <summary>A recording to transcribe.</summary>
/// <example>
/// <code>
/// await fleet.SubmitAsync(new Recording("call-4711", new Uri("https://archive.example/4711.wav")));
/// await fleet.SubmitAsync(Recording.FromFile("calls/4712.m4a") with { Priority = 10 });
/// </code>
/// </example>
/// <param name="Id">Names the recording in the fleet. Submitting the same id again adds nothing.</param>
/// <param name="Uri">Where each worker finds it: <c>file</c>, <c>http</c> or <c>https</c>. A link with a signature must live as long as the recording may wait.</param>
public sealed record Recording(string Id, Uri Uri)
{
    /// <summary>Recordings of a higher priority are begun first.</summary>
    /// <value>Default 0.</value>
    public int Priority { get; init; }

    /// <summary>Samples per second of what is sent to the service, and of raw samples (<c>.pcm</c> and <c>.raw</c>).</summary>
    /// <value>Default 16000. Allowed: 8000 and 16000.</value>
    public int SampleRate { get; init; } = 16000;

    /// <summary>The recognition model of this recording.</summary>
    /// <value>Default null: the worker's.</value>
    public string? Model { get; init; }

    /// <summary>A recording in a file that every worker finds under the same path.</summary>
    /// <param name="path">The path, which is the id, too.</param>
    /// <returns>The recording.</returns>
    public static Recording FromFile(string path)
    {
        // Uri takes a % in a path of Unix for an escape, so that all is escaped here.
        var whole = Path.GetFullPath(path);
        return new(path, OperatingSystem.IsWindows() ? new Uri(whole) : new Uri("file://" + string.Join('/', whole.Split('/').Select(System.Uri.EscapeDataString))));
    }

    /// <summary>A text without the address, whose query may be a secret.</summary>
    public override string ToString() => $"Recording {{ Id = {Id}, Priority = {Priority} }}";

    /// <summary>The last part of the path, without what follows it in a link.</summary>
    internal string Name => System.Uri.UnescapeDataString(Uri.Segments[^1]);

    internal void Validate()
    {
        ArgumentException.ThrowIfNullOrEmpty(Id);
        ArgumentNullException.ThrowIfNull(Uri);
        if (!Uri.IsAbsoluteUri || Uri.Scheme is not ("file" or "http" or "https"))
        {
            throw new ArgumentException($"Uri of {Id} isn't an absolute address that begins with file, http or https.", nameof(Uri));
        }

        if (SampleRate is not (8000 or 16000))
        {
            throw new ArgumentException($"SampleRate of {Id} is {SampleRate}. Allowed: 8000 or 16000.", nameof(SampleRate));
        }
    }
}
