using System.Text.Json.Nodes;

namespace SpeechStream.Gateway.Protocol;

/// <summary>Writes the events of a script on one connection. A script speaks of them in the terms of NLS, whichever service it runs on.</summary>
internal interface IScriptedEvents
{
    /// <param name="name">The event.</param>
    /// <param name="taskId">Its task.</param>
    /// <param name="payload">The caller's own: the message may keep it.</param>
    /// <param name="header">Replaces single fields of the header.</param>
    byte[] Write(string name, string taskId, JsonObject? payload, JsonObject? header);
}
