namespace SpeechStream.Cli.Doctor;

/// <summary>The command line of <c>speechstream doctor</c>.</summary>
internal sealed record DoctorSettings
{
    public required Account Account { get; init; }

    public bool IsLocal { get; init; }

    public Uri? Endpoint { get; init; }

    public bool IsInsecure { get; init; }

    /// <summary>Null for the default of the service.</summary>
    public string? Model { get; init; }

    /// <summary>Null when none is looked at.</summary>
    public string? File { get; init; }

    public bool IsRaw { get; init; }

    public int SampleRate { get; init; }

    public bool AsJson { get; init; }
}
