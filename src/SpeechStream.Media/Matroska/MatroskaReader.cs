using SpeechStream.Media.Decoding;

namespace SpeechStream.Media.Matroska;

/// <summary>Goes from element to element, into those that hold others, and finds its way behind damage.</summary>
internal sealed class MatroskaReader(AudioInput input)
{
    private const int MostBytes = 1024 * 1024;

    private static readonly byte[] ClusterStart = [0x1F, 0x43, 0xB6, 0x75];

    private bool _isLost;

    /// <summary>Places where bytes didn't make an element.</summary>
    public int Damaged { get; private set; }

    /// <summary>Whether the file ended within an element.</summary>
    public bool IsCutOff { get; private set; }

    /// <summary>The element where the reader stands, whose content is to be read or skipped next; 0 at the end of the file.</summary>
    public uint Id { get; private set; }

    /// <summary>The length of the content of the element.</summary>
    public long Size { get; private set; }

    public async ValueTask<bool> MoveNextAsync()
    {
        while (await input.FillAsync(Ebml.MostHeaderBytes).ConfigureAwait(false) || !input.Buffered.IsEmpty)
        {
            var header = Ebml.ReadHeader(input.Buffered.Span, out var id, out var size);
            var isEntered = id is ElementId.Segment or ElementId.Cluster or ElementId.BlockGroup;
            if (header > 0 && (isEntered || size >= 0) && (!_isLost || id is ElementId.Cluster or ElementId.Header))
            {
                input.Take(header);
                (Id, Size, _isLost) = (id, isEntered ? 0 : size, false);
                return true;
            }

            if (header == 0 && input.Buffered.Length < Ebml.MostHeaderBytes)
            {
                IsCutOff = true;
                break;
            }

            Lose();
        }

        (Id, Size) = (0, 0);
        return false;
    }

    /// <summary>The first bytes of the content, which stay there.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> PeekAsync(int count)
    {
        count = (int)Math.Min(count, Size);
        await input.FillAsync(count).ConfigureAwait(false);
        return input.Buffered[..Math.Min(count, input.Buffered.Length)];
    }

    /// <summary>The content; empty when it isn't whole, or too long to be what it says.</summary>
    public async ValueTask<byte[]> ReadAsync()
    {
        if (Size > MostBytes)
        {
            Lose();
            return [];
        }

        if (!await input.FillAsync((int)Size).ConfigureAwait(false))
        {
            IsCutOff = true;
            await input.SkipAsync(Size).ConfigureAwait(false);
            return [];
        }

        var content = input.Buffered[..(int)Size].ToArray();
        input.Take((int)Size);
        return content;
    }

    public async ValueTask SkipAsync() => IsCutOff |= !await input.SkipAsync(Size).ConfigureAwait(false);

    /// <summary>Goes on to where the next cluster may begin.</summary>
    private void Lose()
    {
        Damaged += _isLost ? 0 : 1;
        _isLost = true;
        var next = input.Buffered.Length > 1 ? input.Buffered.Span[1..].IndexOf(ClusterStart) : -1;
        input.Take(next >= 0 ? next + 1 : Math.Max(1, input.Buffered.Length - ClusterStart.Length + 1));
    }
}
