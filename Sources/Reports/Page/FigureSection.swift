extension Figure {
  /// The figure with its legend, caption and table; without plots where nothing can draw them.
  func section(canDraw: Bool) throws -> Page.Section {
    Page.Section(
      id: id, title: title,
      body: """
        <figure class="\(arrangement.rawValue)">
        \(canDraw ? try drawing() : "")<figcaption class="caption">\(caption)</figcaption>
        </figure>
        \(remarks.map { "<p class=\"remark\">\($0)</p>\n" as HTML })\(table.disclosure(id: id, isOpen: !canDraw))
        """)
  }

  private func drawing() throws -> HTML {
    let boxes = try plots.map { plot -> HTML in
      let rows = plot.rows.map { HTML(" style=\"--rows:\($0)\"") } ?? ""
      let area: HTML = """
        <div class="plot" data-plot="\(plot.id)"\(rows) role="img" aria-label="\(plot.alt)"></div>
        <script type="application/json" id="\(plot.id)">\(HTML(trusted: try plot.description.json()))</script>

        """
      guard let heading = plot.heading else { return area }
      let note = plot.note.map { "<span>\($0)</span>" as HTML } ?? ""
      return """
        <figure class="box"><figcaption><b>\(heading)</b>\(note)</figcaption>
        \(plot.legend.markup)\(area)</figure>

        """
    }
    return "\(legend.markup)<div class=\"plots\">\n\(boxes)</div>\n"
  }
}

extension [LegendEntry] {
  fileprivate var markup: HTML {
    guard !isEmpty else { return "" }
    let entries = map { entry -> HTML in
      """
      <li><i class="mark \(entry.mark.rawValue)" style="color:\(entry.color.css)"></i>\(entry.label)</li>
      """
    }
    return "<ul class=\"legend\">\(entries)</ul>\n"
  }
}
