using System.Buffers;

namespace SpeechStream.Audio.Replay;

/// <summary>A piece of pooled memory in the <see cref="ReplayBuffer"/>, with the offset of its bytes in the caller's audio.</summary>
/// <remarks><see cref="SegmentPool"/> reuses it.</remarks>
internal sealed class AudioSegment(int size)
{
    private byte[] _array = ArrayPool<byte>.Shared.Rent(size);

    /// <summary>Offset of the first byte in the caller's audio.</summary>
    public long Start { get; private set; }

    /// <summary>Bytes written so far.</summary>
    public int Length { get; set; }

    public long End => Start + Length;

    public AudioSegment? Next { get; set; }

    public Memory<byte> Free => _array.AsMemory(Length);

    public ReadOnlySpan<byte> From(long offset) => _array.AsSpan((int)(offset - Start)..Length);

    /// <summary>Prepares the segment for audio from this offset on.</summary>
    public void Begin(long start) => (Start, Length, Next) = (start, 0, null);

    /// <summary>Returns the memory to the framework's pool. Never called while a caller may still write into it, since another owner would get those bytes.</summary>
    public void Return()
    {
        var array = _array;
        _array = [];
        ArrayPool<byte>.Shared.Return(array);
    }
}
