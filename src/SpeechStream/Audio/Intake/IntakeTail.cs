using SpeechStream.Audio.Formats;

namespace SpeechStream.Audio.Intake;

/// <summary>Looks for another recording directly behind the audio of a WAV file. Other chunks that follow, such as LIST, aren't audio and are ignored.</summary>
internal sealed class IntakeTail
{
    // A header's first bytes, behind the byte of padding that audio of odd length may have.
    private readonly byte[] _start = new byte[13];
    private int _length;

    /// <summary>Takes the next bytes that follow the audio.</summary>
    /// <exception cref="ArgumentException">Another recording follows, which would be lost silently.</exception>
    public void Take(ReadOnlySpan<byte> bytes)
    {
        var count = Math.Min(bytes.Length, _start.Length - _length);
        bytes[..count].CopyTo(_start.AsSpan(_length));
        _length += count;
        if (count > 0 && (WaveHeader.LooksLikeWave(_start.AsSpan(0, _length)) || WaveHeader.LooksLikeWave(_start.AsSpan(1, _length - 1))))
        {
            // It is reported once.
            _length = _start.Length;
            throw new ArgumentException("Another recording follows the audio, and a session takes one. Use TranscribeAsync, which joins them, or a session for each.");
        }
    }
}
