using SpeechStream.AspNetCore.Messages;

namespace SpeechStream.AspNetCore.Endpoints;

/// <summary>What a page has sent: a piece of audio, valid until the next message is received; or a control message; or neither, when it has closed.</summary>
internal readonly record struct PageMessage(ReadOnlyMemory<byte> Audio, ControlMessage? Control)
{
    public bool IsClose => Audio.IsEmpty && Control is null;
}
