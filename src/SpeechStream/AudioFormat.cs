namespace SpeechStream;

/// <summary>How the caller's audio is encoded. Always mono; 16-bit little-endian samples for <see cref="Pcm"/> and <see cref="Wav"/>.</summary>
/// <remarks>
/// Only <see cref="Pcm"/> and <see cref="Wav"/> have a known relation of bytes to time. The others are passed through as they
/// are: without pacing, without silence filler, and without replay after a lost connection. The service fails tasks that get audio much
/// faster than real time (41040202), so a source of such a format should give it in real time.
/// </remarks>
public enum AudioFormat
{
    /// <summary>Raw 16-bit samples.</summary>
    Pcm,

    /// <summary>A RIFF/WAVE stream that holds 16-bit PCM. Its header is read here, and raw samples go on the wire.</summary>
    Wav,

    /// <summary>Opus in Ogg. At most 100 packets a page (the service refuses more).</summary>
    Opus,

    /// <summary>Speex in Ogg.</summary>
    Speex,

    /// <summary>AMR.</summary>
    Amr,

    /// <summary>MP3.</summary>
    Mp3,

    /// <summary>AAC.</summary>
    Aac,

    /// <summary>The vendor's raw Opus framing: each packet preceded by one byte that holds its length. 16 kHz only.</summary>
    Opu,
}
