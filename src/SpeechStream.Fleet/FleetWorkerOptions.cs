namespace SpeechStream.Fleet;

/// <summary>How a worker transcribes.</summary>
/// <example>
/// <code>
/// await fleet.RunWorkerAsync(new FleetWorkerOptions { Client = client, Sessions = 8 }, stoppingToken);
/// </code>
/// </example>
public sealed record FleetWorkerOptions
{
    /// <summary>Makes the sessions. The worker doesn't dispose it.</summary>
    /// <value>Required. With <c>AddSpeechStreamFleet</c>: the container's client.</value>
    public SpeechStreamClient Client { get; set; } = null!;

    /// <summary>How many recordings the worker transcribes at once, as far as the quota has free places.</summary>
    /// <value>Default 2. Allowed: 1 to 1000.</value>
    public int Sessions { get; set; } = 2;

    /// <summary>Names the worker in the status and in errors.</summary>
    /// <value>Default: the names of the machine and the process.</value>
    public string Name { get; set; } = $"{Environment.MachineName}:{Environment.ProcessId}";

    /// <summary>The settings of the sessions. What belongs to a recording, such as its rate and its model, is set by the worker.</summary>
    /// <value>Default: with words, punctuation, and numbers as digits.</value>
    public TranscriptionOptions Transcription { get; set; } = new() { EnableWords = true, EnablePunctuationPrediction = true, EnableInverseTextNormalization = true };

    /// <summary>Whether the worker ends when nothing is queued and nothing runs any more, also on other workers.</summary>
    /// <value>Default false: it waits for recordings until it is stopped.</value>
    public bool UntilDone { get; set; }

    internal void Validate()
    {
        if (Client is null)
        {
            throw new ArgumentException("Client is null. Set it to the client that makes the sessions.", nameof(Client));
        }

        if (Sessions is < 1 or > 1000)
        {
            throw new ArgumentException(FormattableString.Invariant($"Sessions is {Sessions}. Allowed: 1 to 1000."), nameof(Sessions));
        }

        ArgumentException.ThrowIfNullOrWhiteSpace(Name);
        ArgumentNullException.ThrowIfNull(Transcription);

        // Otherwise each recording would be set aside for it. Nothing is connected.
        Client.CreateSession(Transcription with { Format = AudioFormat.Pcm, SampleRate = 16000, ResumeFrom = null }).Dispose();
    }
}
