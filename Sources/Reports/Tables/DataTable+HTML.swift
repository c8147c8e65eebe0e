import Foundation

extension DataTable {
  /// The table as markup, with a scope for every heading.
  var html: HTML {
    let head = columns.map { HTML("<th scope=\"col\">\($0.heading)</th>") }
    let body = rows.map { row -> HTML in
      let cells = row.enumerated().map { index, cell -> HTML in
        if index == 0 { return "<th scope=\"row\">\(cell.shown)</th>" }
        return cell.isNumber ? "<td class=\"n\">\(cell.shown)</td>" : "<td>\(cell.shown)</td>"
      }
      return "<tr>\(cells)</tr>\n"
    }
    return """
      <table><caption>\(caption)</caption>
      <thead><tr>\(head)</tr></thead>
      <tbody>
      \(body)</tbody></table>
      """
  }

  /// The table folded away behind its figure, or behind `summary`, with its CSV form as a link that needs no network.
  func disclosure(
    id: String, isOpen: Bool, summary: String = "Table behind this figure"
  ) -> HTML {
    let data = csv.addingPercentEncoding(withAllowedCharacters: Self.safeInAddress) ?? ""
    return """
      <details class="behind"\(HTML(trusted: isOpen ? " open" : ""))>
      <summary>\(summary)</summary>
      <p class="download"><a download="\(id).csv" href="data:text/csv;charset=utf-8,\(data)">\
      Download as CSV</a> <span>(\(Wording.count(rows.count, "row")), unrounded)</span></p>
      <div class="scroll" tabindex="0" role="region" aria-label="\(caption)">
      \(html)
      </div>
      </details>
      """
  }

  private static let safeInAddress = CharacterSet(
    charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~,")
}
