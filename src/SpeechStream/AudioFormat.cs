namespace SpeechStream;

/// <summary>How the caller's audio is encoded. It is always mono, with 16-bit little-endian samples for <see cref="Pcm"/> and <see cref="Wav"/>.</summary>
/// <remarks>
/// Only <see cref="Pcm"/> and <see cref="Wav"/> have a known duration for each byte. Other formats are sent unchanged, without pacing, without silence filler,
/// and without replay after a lost connection. The service fails tasks that get audio much faster than real time (41040202), so a source of such a format should
/// provide it in real time.
/// </remarks>
public enum AudioFormat
{
    /// <summary>Raw 16-bit samples.</summary>
    Pcm,

    /// <summary>A RIFF/WAVE stream that contains 16-bit PCM. The library reads its header, and sends only the samples.</summary>
    Wav,

    /// <summary>Opus in Ogg, with at most 100 packets on each page: the service refuses more.</summary>
    Opus,

    /// <summary>Speex in Ogg.</summary>
    Speex,

    /// <summary>AMR.</summary>
    Amr,

    /// <summary>MP3.</summary>
    Mp3,

    /// <summary>AAC.</summary>
    Aac,

    /// <summary>Opus packets in the vendor's framing: each packet follows one byte with its length. 16 kHz only.</summary>
    Opu,
}
