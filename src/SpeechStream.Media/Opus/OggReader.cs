using SpeechStream.Media.Decoding;

namespace SpeechStream.Media.Opus;

/// <summary>Finds the pages of an Ogg stream, also behind bytes that belong to none.</summary>
internal sealed class OggReader(AudioInput input)
{
    private bool _isLost;

    /// <summary>Places where bytes didn't make a page.</summary>
    public int Damaged { get; private set; }

    /// <summary>Null at the end of the stream.</summary>
    public async ValueTask<OggPage?> ReadAsync()
    {
        while (await input.FillAsync(OggPage.HeaderBytes).ConfigureAwait(false))
        {
            if (!OggPage.IsHeader(input.Buffered.Span))
            {
                Lose(input.Buffered.Span[1..].IndexOf("OggS"u8));
                continue;
            }

            // At the end of the stream a wrong length may reach beyond it, and there may still be pages before.
            var length = OggPage.LengthOf(input.Buffered.Span);
            if (await input.FillAsync(length).ConfigureAwait(false) && await input.FillAsync(length = OggPage.LengthOf(input.Buffered.Span)).ConfigureAwait(false)
                && OggPage.Read(input.Buffered.Span[..length]) is { } page)
            {
                input.Take(length);
                _isLost = false;
                return page;
            }

            Lose(input.Buffered.Span[1..].IndexOf("OggS"u8));
        }

        return null;
    }

    /// <param name="next">Where the next page may begin, less one; negative when there is none yet, or only a part of its name.</param>
    private void Lose(int next)
    {
        Damaged += _isLost ? 0 : 1;
        _isLost = true;
        input.Take(next >= 0 ? next + 1 : Math.Max(1, input.Buffered.Length - 3));
    }
}
